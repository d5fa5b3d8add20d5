package io.condenser.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CounterRandomTest {
  @Test
  void drawsOfAPlaceAreSplitMix64() {
    // The published sequence of SplitMix64 from state 1234567.
    CounterRandom random = new CounterRandom(1234567);
    assertThat(new long[] {random.bits(0), random.bits(1), random.bits(2)})
        .containsExactly(
            6457827717110365317L,
            3203168211198807973L,
            Long.parseUnsignedLong("9817491932198370423"));
  }

  @Test
  void everyPlaceHasNumbersOfItsOwn() {
    Set<Long> seen = new HashSet<>();
    int places = 0;
    for (long seed = 0; seed < 4; seed++) {
      for (long stream = 0; stream < 4; stream++) {
        for (long epoch = 0; epoch < 16; epoch++) {
          for (long position = 0; position < 256; position++) {
            seen.add(CounterRandom.at(seed, stream, epoch, position).bits(0));
            places++;
          }
        }
      }
    }
    assertThat(seen).hasSize(places);
  }

  @Test
  void boundedNumbersAreEvenlySpread() {
    int[] counts = new int[7];
    for (int draw = 0; draw < 70_000; draw++) {
      counts[CounterRandom.at(5, 0, 0, 0).below(7, draw)]++;
    }
    assertThat(counts)
        .satisfies(all -> {
          for (int count : all) {
            assertThat(count).isBetween(9_600, 10_400); // four standard deviations
          }
        });
  }

  @Test
  void aBoundThatDoesNotDivideTwoTo32FavoursNobody() {
    // 2^32 is 8/3 of this bound: without rejection, every third number comes up a quarter of the
    // time instead of a third.
    int bound = 3 << 29;
    int[] counts = new int[3];
    for (int draw = 0; draw < 90_000; draw++) {
      counts[CounterRandom.at(8, 0, 0, 0).below(bound, draw) % 3]++;
    }
    assertThat(counts[0]).isBetween(29_400, 30_600);
    assertThat(counts[1]).isBetween(29_400, 30_600);
    assertThat(counts[2]).isBetween(29_400, 30_600);
  }

  @Test
  void uniformNumbersFillTheUnitInterval() {
    double sum = 0;
    for (int draw = 0; draw < 100_000; draw++) {
      double value = CounterRandom.at(6, 0, 0, 0).uniform(draw);
      assertThat(value).isBetween(0.0, Math.nextDown(1.0));
      sum += value;
    }
    assertThat(sum / 100_000).isBetween(0.4963, 0.5037);
  }
}
