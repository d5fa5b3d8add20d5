package io.condenser.model;

import io.condenser.storage.InputException;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Element type of matrix products; in all but the last, weights stay float32. */
public enum Precision {
  /**
   * {@link #BF16} where this processor multiplies it faster than float32, else {@link #FP32}; on a
   * GPU {@link #BF16}, or {@link #FP16} where it only multiplies that fast.
   */
  AUTO,
  FP32,
  /** bfloat16 products and hidden states; attention and losses stay float32. */
  BF16,
  /**
   * The same with float16, on a GPU alone. It has more digits and less range: training scales its
   * losses.
   */
  FP16,
  /**
   * Encoding only, through ONNX Runtime: dense layers multiply 8-bit integers, all else is float32.
   */
  INT8;

  /** From this compute capability on, GPUs multiply bfloat16 as fast as float16 (Ampere). */
  private static final int BF16_CAPABILITY = 8;

  /**
   * What this is on this machine: itself, unless it is {@link #AUTO}.
   *
   * @throws InputException if it is {@link #FP16}, and the processor computes
   */
  public Precision here() {
    boolean gpu = Machine.device() == Device.CUDA;
    if (this == FP16 && !gpu) {
      throw new InputException(
          "precision is fp16, which is for GPUs; expected auto, fp32 or bf16 where the processor computes");
    }
    if (this != AUTO) {
      return this;
    }
    if (gpu) {
      return onGpu(Cuda.capability());
    }
    return ProductSpeed.bf16IsFaster() ? BF16 : FP32;
  }

  /** What {@link #AUTO} is on a GPU of a compute capability. */
  static Precision onGpu(int capability) {
    return capability >= BF16_CAPABILITY ? BF16 : FP16;
  }

  /**
   * The element type of products on this machine.
   *
   * @param wide what it is unless it is a narrow one
   */
  public ScalarType type(ScalarType wide) {
    return switch (here()) {
      case BF16 -> ScalarType.BFloat16;
      case FP16 -> ScalarType.Half;
      default -> wide;
    };
  }
}
