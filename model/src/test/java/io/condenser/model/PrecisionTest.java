package io.condenser.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.storage.InputException;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrecisionTest {
  @BeforeEach
  void letTheProcessorCompute() {
    Machine.useDevice(Device.CPU);
  }

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

  @ParameterizedTest
  @CsvSource({"7, FP16", "8, BF16", "9, BF16", "12, BF16"})
  void autoOnAGpuIsWhatItMultipliesFast(int capability, Precision here) {
    assertThat(Precision.onGpu(capability)).isSameAs(here);
  }

  @Test
  void float16IsForGpus() {
    assertThatThrownBy(Precision.FP16::here)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("precision is fp16, which is for GPUs; expected auto, fp32 or bf16");
  }

  @Test
  void productsAreWideUnlessTheyAreNarrow() {
    assertThat(Precision.BF16.type(ScalarType.Float)).isSameAs(ScalarType.BFloat16);
    assertThat(Precision.FP32.type(ScalarType.Double)).isSameAs(ScalarType.Double);
  }
}
