package io.condenser.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.storage.InputException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceTest {
  private static final Cuda NOT_IN_BUILD = new Cuda(false, null, null, 0);

  private static Cuda found(@Nullable String unloaded, @Nullable String visible, int gpus) {
    return new Cuda(true, unloaded, visible, gpus);
  }

  @ParameterizedTest
  @CsvSource({"AUTO, 0, CPU", "AUTO, 1, CUDA", "CPU, 1, CPU", "CUDA, 2, CUDA"})
  void autoIsAGpuWhereThereIsOne(Device asked, int gpus, Device here) {
    assertThat(asked.of(found(null, null, gpus))).isSameAs(here);
  }

  @Test
  void autoIsTheProcessorWithoutTheBuildForGpus() {
    assertThat(Device.AUTO.of(NOT_IN_BUILD)).isSameAs(Device.CPU);
  }

  @Test
  void whatIsMissingIsNamedWithWhatToDo() {
    assertRefused(NOT_IN_BUILD, "device is cuda, but this build knows the processor alone");
    assertRefused(NOT_IN_BUILD, "CONDENSER_GPU=1");
    String reason = "libcudnn.so.9: cannot open shared object file";
    assertRefused(found(reason, null, 0), "its libraries do not load: " + reason);
    assertRefused(found(reason, null, 0), "install CUDA 13, cuDNN 9 and NCCL 2");
    assertRefused(found(null, null, 0), "no GPU is to be seen; nvidia-smi should list one");
    assertRefused(found(null, "7", 0), "no GPU is to be seen (CUDA_VISIBLE_DEVICES is '7')");
  }

  private static void assertRefused(Cuda cuda, String message) {
    assertThatThrownBy(() -> Device.CUDA.of(cuda))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }

  @Test
  void theGpusOfAMachineAreNamedAsTheEnvironmentNamesThem() {
    assertThat(found(null, null, 2).names()).containsExactly("0", "1");
    assertThat(found(null, "3, GPU-8932f937", 2).names()).containsExactly("3", "GPU-8932f937");
    assertThat(found(null, "3,99", 1).names()).containsExactly("3"); // there is no 99
  }
}
