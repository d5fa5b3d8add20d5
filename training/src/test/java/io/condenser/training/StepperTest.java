package io.condenser.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.condenser.model.Precision;
import io.condenser.model.Tensors;
import io.condenser.storage.InputException;
import io.condenser.training.workers.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class StepperTest {
  /** One parameter, whose gradient is always the same and overflows as float16 does. */
  private record Overflowing(Tensor weight, double gradient) implements Task {
    private static final double LARGEST = 65504;

    @Override
    public Map<String, Tensor> parameters() {
      return Map.of("bias", weight);
    }

    @Override
    public Map<String, Double> accumulate(long step, double scale) {
      double found = scale * gradient;
      double stored = found > LARGEST ? Double.POSITIVE_INFINITY : found;
      weight.mutable_grad().put(Tensors.empty(ScalarType.Float, 1).fill_(new Scalar(stored)));
      return Map.of();
    }

    @Override
    public Precision precision() {
      return Precision.FP16;
    }

    @Override
    public double learningRate(long step) {
      return 0.5;
    }

    @Override
    public long steps() {
      return 1;
    }

    @Override
    public int chunkTokens() {
      return 1;
    }

    @Override
    public Workers workers() {
      return Workers.alone();
    }

    @Override
    public int rowsPerStep() {
      return 1;
    }
  }

  private static Tensor zero() {
    return Tensors.empty(ScalarType.Float, 1).zero_().set_requires_grad(true);
  }

  /** By hand: 4 × 8,192 is the first that fits; AdamW's first step is the learning rate. */
  @Test
  void stepsWhoseGradientsOverflowAreLeftOutUntilTheScaleSuits() {
    double[] weights = new double[4];
    List<Double> scales = new ArrayList<>();
    try (Tensor weight = zero();
        Stepper stepper = new Stepper(new Overflowing(weight, 4), 0, 1000)) {
      for (int step = 0; step < weights.length; step++) {
        Map<String, Double> numbers = stepper.take(step);
        scales.add(numbers.getOrDefault("loss_scale", Double.NaN));
        weights[step] = Tensors.floats(weight)[0];
        assertThat(numbers.get("gradient_norm")).isEqualTo(step < 3 ? Double.POSITIVE_INFINITY : 4);
      }
      assertThat(stepper.scale()).isEqualTo(new LossScale(8192, 1));
    }
    assertThat(scales).containsExactly(65536.0, 32768.0, 16384.0, 8192.0);
    assertThat(weights).containsExactly(new double[] {0, 0, 0, -0.5}, within(1e-6));
  }

  @Test
  void whatIsNotFiniteUnscaledEndsTheRun() {
    try (Tensor weight = zero();
        Stepper stepper = new Stepper(new Overflowing(weight, Double.POSITIVE_INFINITY), 0, 1)) {
      for (int step = 0; step < 16; step++) {
        Map<String, Double> _ = stepper.take(step);
      }
      assertThat(stepper.scale()).isEqualTo(new LossScale(1, 0));
      assertThatThrownBy(() -> stepper.take(16))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("the gradient of step 16 is not finite");
    }
  }
}
