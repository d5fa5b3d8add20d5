package io.condenser.model;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Whether this processor multiplies bfloat16 faster than float32, measured once in a process. Those
 * with instructions for it are several times as fast; on others it is emulated, hundreds of times
 * as slow, so that a short look suffices.
 */
final class ProductSpeed {
  private static final int SIZE = 256;
  private static final int TIMES = 5;

  /** How much faster it must be: less does not pay for its rounding. */
  private static final double WORTHWHILE = 1.2;

  private ProductSpeed() {}

  static boolean bf16IsFaster() {
    return Measured.BF16_IS_FASTER;
  }

  /** Measures when it is first asked for. */
  private static final class Measured {
    static final boolean BF16_IS_FASTER = measure();
  }

  private static boolean measure() {
    long float32 = Long.MAX_VALUE;
    for (int i = 0; i < TIMES; i++) {
      float32 = Math.min(float32, nanoseconds(ScalarType.Float));
    }
    for (int i = 0; i < TIMES; i++) {
      if (nanoseconds(ScalarType.BFloat16) * WORTHWHILE < float32) {
        return true;
      }
    }
    return false;
  }

  private static long nanoseconds(ScalarType type) {
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      Tensor factor = torch.ones(SIZE, SIZE).to(type);
      long start = System.nanoTime();
      torch.mm(factor, factor);
      return System.nanoTime() - start;
    }
  }
}
