package io.condenser.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.condenser.model.Precision;
import org.junit.jupiter.api.Test;

class LossScaleTest {
  private static LossScale after(LossScale scale, int steps, boolean finite) {
    for (int i = 0; i < steps; i++) {
      scale = scale.after(finite);
    }
    return scale;
  }

  @Test
  void onlyFloat16IsScaled() {
    assertThat(LossScale.first(Precision.FP16)).isEqualTo(new LossScale(65536, 0));
    assertThat(LossScale.first(Precision.BF16)).isNull();
    assertThat(LossScale.first(Precision.FP32)).isNull();
  }

  /** By hand. */
  @Test
  void itDoublesAfterManyFiniteGradientsAndHalvesAfterEachOther() {
    LossScale scale = new LossScale(65536, 0);
    scale = after(scale, 1, true);
    assertThat(scale).isEqualTo(new LossScale(65536, 1));
    scale = after(scale, 2, false);
    assertThat(scale).isEqualTo(new LossScale(16384, 0));
    scale = after(scale, 1999, true);
    assertThat(scale).isEqualTo(new LossScale(16384, 1999));
    assertThat(scale.after(false)).isEqualTo(new LossScale(8192, 0));
    scale = after(scale, 1, true);
    assertThat(scale).isEqualTo(new LossScale(32768, 0));
    scale = after(scale, 4000, true);
    assertThat(scale).isEqualTo(new LossScale(131072, 0));
  }

  @Test
  void fromOneOnTheScaleIsNotToBlame() {
    assertThat(new LossScale(2, 0).isLeast()).isFalse();
    assertThat(new LossScale(2, 0).after(false).isLeast()).isTrue();
  }
}
