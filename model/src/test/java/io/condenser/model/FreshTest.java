package io.condenser.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FreshTest {
  private static final List<Long> SHAPE = List.of(40L, 50L);

  private static float[] drawn(String name, long seed) {
    try (Parameters parameters = new Parameters()) {
      Fresh.add(parameters, Map.of(name, SHAPE), 0.02, seed);
      return Tensors.floats(parameters.get(name));
    }
  }

  @Test
  void whatIsDrawnDependsOnSeedAndNameAlone() {
    float[] weights = drawn("a.weight", 1);
    assertThat(drawn("a.weight", 1)).isEqualTo(weights);
    assertThat(drawn("a.weight", 2)).isNotEqualTo(weights);
  }

  /** Else a head made by the seed of the embeddings would be a copy of their first rows. */
  @Test
  void partsOfOneSeedHaveNothingInCommon() {
    float[] one = drawn("embeddings.weight", 1);
    float[] other = drawn("transform.dense.weight", 1);
    double dot = 0;
    double squares = 0;
    for (int i = 0; i < one.length; i++) {
      dot += one[i] * other[i];
      squares += one[i] * one[i];
    }
    assertThat(Math.sqrt(squares / one.length)).isBetween(0.019, 0.021);
    assertThat(dot / squares).isBetween(-0.1, 0.1); // of independent ones: 1 / sqrt(2000) = 0.02
    assertThat(Arrays.equals(one, other)).isFalse();
  }

  @Test
  void biasesAreZeroAndScalesOne() {
    assertThat(drawn("a.bias", 1)).containsOnly(0);
    assertThat(drawn("a.LayerNorm.weight", 1)).containsOnly(1);
  }
}
