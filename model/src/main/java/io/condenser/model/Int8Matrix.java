package io.condenser.model;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A dense layer's matrix in 8 bits, symmetric about {@link #ZERO}: {@code weight[o, i] ≈ (values[i,
 * o] - 128) × scales[o]}. Without a sign, since processors without VNNI add two products of signed
 * weights in 16 bits, where the sum saturates: the vectors are then wrong.
 *
 * @param values {@code [in, out]} uint8, 1 to 255
 * @param scales {@code [out]} float32, above 0
 */
record Int8Matrix(Tensor values, Tensor scales) {
  /** What stands for 0. */
  static final byte ZERO = (byte) 128;

  private static final double MOST = 127;

  /**
   * The nearest one to a matrix.
   *
   * @param weight {@code [out, in]} float32
   */
  static Int8Matrix of(Tensor weight) {
    Tensor scales =
        weight
            .abs()
            .amax(new long[] {1}, false)
            .clamp_min(new Scalar(Float.MIN_NORMAL * MOST))
            .div(new Scalar(MOST));
    Tensor values =
        weight.div(scales.view(-1, 1)).round().add(new Scalar(Byte.toUnsignedInt(ZERO)));
    return new Int8Matrix(values.to(ScalarType.Byte).t().contiguous(), scales);
  }
}
