package io.condenser.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.condenser.model.Machine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GraphMemoryTest {
  private static final long GIBIBYTE = 1L << 30;

  /** By hand: half of (free − 14 × weights) over 100 × layers × H, the power of two below it. */
  @ParameterizedTest
  @CsvSource({
    "16, 30e6, 8, 384, 16384", // 27,279
    "16, 120e6, 14, 768, 4096", // 7,208
    "8, 120e6, 14, 768, 2048", // 3,213
    "1, 120e6, 14, 768, 512", // nothing is left; the least
    "1000, 30e6, 8, 384, 65536" // the most
  })
  void asManyAsHalfOfWhatIsFreeHolds(
      long gibibytes, double weights, int layers, int hidden, int tokens) {
    assertThat(GraphMemory.fitting(gibibytes * GIBIBYTE, (long) weights, layers, hidden))
        .isEqualTo(tokens);
  }

  @Test
  void theMachineHasSomeMemory() {
    assertThat(Machine.freeMemory()).isBetween(1L << 20, 1L << 50);
  }
}
