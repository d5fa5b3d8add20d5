package io.condenser.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrecisionTest {
  @Test
  void autoIsOneOfTheTwoThatTrain() {
    assertThat(Precision.AUTO.here()).isIn(Precision.FP32, Precision.BF16);
    assertThat(Precision.AUTO.here()).isSameAs(Precision.AUTO.here());
  }

  @Test
  void allOthersAreWhatTheyAre() {
    for (Precision precision : new Precision[] {Precision.FP32, Precision.BF16, Precision.INT8}) {
      assertThat(precision.here()).isSameAs(precision);
    }
  }
}
