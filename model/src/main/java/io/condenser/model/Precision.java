package io.condenser.model;

/** Element type of matrix products; in all but the last, weights stay float32. */
public enum Precision {
  /** {@link #BF16} where this processor multiplies it faster than float32, else {@link #FP32}. */
  AUTO,
  FP32,
  /** bfloat16 products and hidden states; attention and losses stay float32. */
  BF16,
  /**
   * Encoding only, through ONNX Runtime: dense layers multiply 8-bit integers, all else is float32.
   */
  INT8;

  /** What this is on this machine: itself, unless it is {@link #AUTO}. */
  public Precision here() {
    if (this != AUTO) {
      return this;
    }
    return ProductSpeed.bf16IsFaster() ? BF16 : FP32;
  }
}
