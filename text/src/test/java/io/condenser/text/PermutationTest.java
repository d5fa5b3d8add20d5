package io.condenser.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PermutationTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 16, 17, 100, 1023, 1024, 1025, 65_537, 1_000_000})
  void everyNumberStandsInExactlyOnePlace(int size) {
    Permutation order = new Permutation(size, CounterRandom.at(1, 2, 3, 4));
    BitSet seen = new BitSet(size);
    for (int i = 0; i < size; i++) {
      seen.set(Math.toIntExact(order.at(i)));
    }
    assertThat(seen.cardinality()).isEqualTo(size);
    assertThat(seen.length()).isEqualTo(size);
  }

  @Test
  void everyOrderOfThreeIsAboutAsLikely() {
    Map<String, Integer> counts = new HashMap<>();
    for (int epoch = 0; epoch < 60_000; epoch++) {
      Permutation order = new Permutation(3, CounterRandom.at(9, 0, epoch, 0));
      counts.merge(order.at(0) + "" + order.at(1) + order.at(2), 1, Integer::sum);
    }
    assertThat(counts).hasSize(6);
    assertThat(counts.values()).allSatisfy(count -> assertThat(count).isBetween(9_000, 11_000));
  }

  @Test
  void neighboursAreScattered() {
    int size = 100_000;
    Permutation order = new Permutation(size, CounterRandom.at(1, 0, 0, 0));
    double distance = 0;
    for (int i = 1; i < size; i++) {
      distance += Math.abs(order.at(i) - order.at(i - 1));
    }
    assertThat(distance / size / size).isBetween(0.32, 0.345); // a third, for independent places
  }

  @Test
  void aHugeOrderCostsNothingToHold() {
    long size = 1L << 40;
    Permutation order = new Permutation(size, CounterRandom.at(1, 0, 0, 0));
    assertThat(order.at(size - 1)).isBetween(0L, size - 1).isNotEqualTo(order.at(0));
  }

  @Test
  void placesOutsideAreRefused() {
    Permutation order = new Permutation(5, CounterRandom.at(1, 0, 0, 0));
    assertThatThrownBy(() -> order.at(5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("position 5 of 5");
  }
}
