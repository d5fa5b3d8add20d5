package io.condenser.model;

/** Element type of matrix products; weights stay float32 in both. */
public enum Precision {
  FP32,
  /** bfloat16 products where the processor has them; attention stays float32. */
  BF16
}
