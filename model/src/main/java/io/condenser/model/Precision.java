package io.condenser.model;

/** Element type of matrix products; weights stay float32 in the first two. */
public enum Precision {
  FP32,
  /** bfloat16 products and hidden states; attention and losses stay float32. */
  BF16,
  /**
   * Encoding only, through ONNX Runtime: dense layers multiply 8-bit integers, all else is float32.
   */
  INT8
}
