package io.condenser.training.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShareTest {
  private static final int[] SIZES = new Random(3).ints(23, 5, 128).toArray();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 23})
  void everyRowIsOneWorkers(int workers) {
    int[] all =
        IntStream.range(0, workers)
            .flatMap(rank -> Arrays.stream(Share.deal(SIZES, workers, rank).own()))
            .sorted()
            .toArray();
    assertThat(all).containsExactly(IntStream.range(0, SIZES.length).toArray());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void sharesAreAboutEqual(int workers) {
    int whole = Arrays.stream(SIZES).sum();
    for (int rank = 0; rank < workers; rank++) {
      int[] own = Share.deal(SIZES, workers, rank).own();
      assertThat(own.length).isBetween(SIZES.length / workers, SIZES.length / workers + 1);
      int tokens = Arrays.stream(own).map(row -> SIZES[row]).sum();
      assertThat((double) tokens * workers / whole).isBetween(0.8, 1.2);
    }
  }

  @Test
  void ownRowsStandWhereTheShareSays() {
    Share share = Share.deal(SIZES, 3, 1);
    int[] places = share.places();
    int[] own = share.own();
    for (int i = 0; i < own.length; i++) {
      assertThat(places[own[i]]).isEqualTo(share.from() + i);
    }
  }

  @Test
  void oneWorkerTakesRowsInTheirOrder() {
    assertThat(Share.whole(3).own()).containsExactly(0, 1, 2);
  }

  @Test
  void aWorkerWithoutARowIsRefused() {
    assertThatThrownBy(() -> Share.deal(new int[] {4, 5}, 3, 0)).hasMessageContaining("2 rows");
  }
}
