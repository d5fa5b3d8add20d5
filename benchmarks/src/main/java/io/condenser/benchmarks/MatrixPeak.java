package io.condenser.benchmarks;

import io.condenser.model.Precision;
import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The most that the machine does in matrix products: two square ones, large enough. */
final class MatrixPeak {
  private static final int SIZE = 2048;
  private static final int TIMES = 9;

  private MatrixPeak() {}

  /** Operations a second, the median of several products. */
  static double measure(Precision precision) {
    ScalarType type = precision == Precision.BF16 ? ScalarType.BFloat16 : ScalarType.Float;
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      Tensor a = torch.randn(SIZE, SIZE).to(type);
      Tensor b = torch.randn(SIZE, SIZE).to(type);
      double[] seconds = new double[TIMES];
      for (int i = -1; i < TIMES; i++) {
        long start = System.nanoTime();
        try (PointerScope _ = new PointerScope()) {
          torch.mm(a, b);
        }
        if (i >= 0) {
          seconds[i] = (System.nanoTime() - start) * 1e-9;
        }
      }
      Arrays.sort(seconds);
      return 2.0 * SIZE * SIZE * SIZE / seconds[TIMES / 2];
    }
  }
}
