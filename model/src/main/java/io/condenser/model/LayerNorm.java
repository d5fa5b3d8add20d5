package io.condenser.model;

import static org.bytedeco.pytorch.global.torch.layer_norm;

import org.bytedeco.pytorch.Tensor;

/** Ba et al. 2016, over the last dimension. */
final class LayerNorm {
  private LayerNorm() {}

  /**
   * Normalises, scales and shifts.
   *
   * @param name the parameters' name without {@code .weight} and {@code .bias}
   * @param x {@code [..., H]}; bfloat16 is widened first
   * @return the shape of {@code x}, at least float32
   */
  static Tensor apply(Parameters parameters, String name, Tensor x, double eps) {
    Tensor weight = parameters.get(name + ".weight"); // [H]
    return layer_norm(
        Tensors.widened(x),
        new long[] {weight.size(0)},
        parameters.optional(name + ".weight"),
        parameters.optional(name + ".bias"),
        eps,
        false);
  }
}
