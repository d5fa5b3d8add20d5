package io.condenser.benchmarks;

import io.condenser.model.Machine;
import io.condenser.model.Precision;
import io.condenser.model.Tensors;
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

  /** Operations a second where models are computed, the median of several products. */
  static double measure(Precision precision) {
    try (PointerScope _ = new PointerScope()) {
      ScalarType type = precision.type(ScalarType.Float);
      return measure(Tensors.here(random()).to(type), Tensors.here(random()).to(type));
    }
  }

  /** The same of the processor in float32, which searches even where models are a GPU's. */
  static double ofProcessor() {
    try (PointerScope _ = new PointerScope()) {
      return measure(random(), random());
    }
  }

  private static Tensor random() {
    return torch.randn(SIZE, SIZE);
  }

  private static double measure(Tensor a, Tensor b) {
    try (NoGradGuard _ = new NoGradGuard()) {
      double[] seconds = new double[TIMES];
      for (int i = -1; i < TIMES; i++) {
        long start = System.nanoTime();
        try (PointerScope _ = new PointerScope()) {
          torch.mm(a, b);
          Machine.awaitDevice();
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
