package io.condenser.model;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A dense layer's matrix in 8 bits, symmetric about 0: {@code weight[o, i] ≈ values[i, o] ×
 * scales[o]}.
 *
 * @param values {@code [in, out]} int8, -127 to 127
 * @param scales {@code [out]} float32, above 0
 */
record Int8Matrix(Tensor values, Tensor scales) {
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
    Tensor values = weight.div(scales.view(-1, 1)).round();
    return new Int8Matrix(values.to(ScalarType.Char).t().contiguous(), scales);
  }
}
