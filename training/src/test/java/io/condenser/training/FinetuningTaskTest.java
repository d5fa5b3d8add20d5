package io.condenser.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.model.BertConfig;
import io.condenser.model.BertLayout;
import io.condenser.model.Encoder;
import io.condenser.model.Fresh;
import io.condenser.model.Parameters;
import io.condenser.model.Pooling;
import io.condenser.model.Precision;
import io.condenser.storage.InputException;
import io.condenser.training.workers.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A passage of row r is the single token r; a query q is the token 100 + q. */
class FinetuningTaskTest {
  private static final BertConfig CONFIG = BertConfig.of(200, 8, 1, 2);
  private static final Encoder ENCODER = encoder();
  private static final int QUERIES = 6;
  private static final int PASSAGES = 40;

  @AfterAll
  static void close() {
    ENCODER.close();
  }

  @Test
  void aStepIsAlwaysTheSameBatch() {
    FinetuningTask one = task(4, 2, true);
    FinetuningTask other = task(4, 2, true);
    for (long step : new long[] {0, 5, 2}) {
      assertThat(texts(one.batch(step))).isEqualTo(texts(other.batch(step)));
    }
    assertThat(texts(one.batch(0))).isNotEqualTo(texts(one.batch(1)));
  }

  @Test
  void anEpochTakesEveryQueryOfEverySourceOnce() {
    FinetuningTask task = task(4, 1, true);
    List<Integer> seen = new ArrayList<>();
    for (long step = 0; step < 3; step++) {
      task.batch(step).queries().forEach(query -> seen.add(query[0] - 100));
    }
    assertThat(seen).hasSize(12);
    for (int query = 0; query < QUERIES; query++) {
      assertThat(seen).filteredOn(Predicate.isEqual(query)).hasSize(2);
    }
  }

  @Test
  void positivesRotateAndNegativesMoveOnWithTheEpoch() {
    FinetuningTask task = task(12, 2, true);
    Set<Integer> positives = new HashSet<>();
    Set<Integer> negatives = new HashSet<>();
    for (long epoch = 0; epoch < 3; epoch++) {
      FinetuningBatch batch = task.batch(epoch);
      for (int i = 0; i < 12; i++) {
        if (batch.queries().get(i)[0] == 100) {
          positives.add(batch.passages().get(batch.positives()[i])[0]);
        }
      }
      batch.passages().forEach(passage -> negatives.add(passage[0]));
    }
    assertThat(positives).containsExactlyInAnyOrder(0, 1);
    // 6 negatives of each source, 2 an epoch: after 3 epochs all were there
    assertThat(negatives).contains(10, 11, 12, 13, 14, 15, 20, 21, 22, 23, 24, 25);
  }

  @Test
  void judgedPassagesOfOthersAreNoNegatives() {
    FinetuningBatch excluding = task(12, 2, true).batch(0);
    FinetuningBatch plain = task(12, 2, false).batch(0);
    int excluded = 0;
    for (int i = 0; i < 12; i++) {
      int query = excluding.queries().get(i)[0] - 100;
      for (int row : excluding.excluded()[i]) {
        assertThat(excluding.passages().get(row)[0]).isIn(query, query + 1);
        assertThat(row).isNotEqualTo(excluding.positives()[i]);
        excluded++;
      }
      assertThat(plain.excluded()[i]).isEmpty();
    }
    assertThat(excluded).isPositive();
  }

  @Test
  void aPassageStandsInABatchOnce() {
    List<Integer> tokens =
        task(12, 3, true).batch(0).passages().stream().map(passage -> passage[0]).toList();
    assertThat(tokens).doesNotHaveDuplicates();
  }

  @Test
  void randomPassagesStandInForMissingNegatives() {
    FinetuningData none =
        new FinetuningData(
            queries(),
            positives(),
            List.of(),
            row -> new int[] {row},
            IntStream.range(0, PASSAGES).toArray());
    FinetuningBatch batch =
        new FinetuningTask(ENCODER, ENCODER, none, 0, settings(6, 4, true), Workers.alone())
            .batch(0);
    assertThat(batch.passages().size()).isGreaterThan(6 + 6);
  }

  @Test
  void everyWorkerTakesAPassageEvenOfFew() {
    int[][] same = IntStream.range(0, QUERIES).mapToObj(_ -> new int[] {3}).toArray(int[][]::new);
    FinetuningData data =
        new FinetuningData(queries(), same, List.of(), row -> new int[] {row}, new int[0]);
    List<FinetuningBatch> batches =
        Crew.of(
            4,
            workers ->
                new FinetuningTask(ENCODER, ENCODER, data, 0, settings(4, 0, true), workers)
                    .batch(0));
    for (FinetuningBatch batch : batches) {
      assertThat(batch.passages()).hasSize(4);
      assertThat(batch.positives()).containsOnly(0);
      assertThat(List.of(batch.excluded()))
          .allMatch(rows -> Arrays.equals(rows, new int[] {1, 2, 3}));
    }
  }

  /** Source 0 has negatives of queries 0 to 3, source 1 of 2 to 4, neither of 5. */
  @Test
  void aSourceMakesInstancesOfTheQueriesThatItHolds() {
    int[][] first = source(10);
    int[][] second = source(20);
    first[4] = first[5] = second[0] = second[1] = second[5] = new int[0];
    FinetuningData data =
        new FinetuningData(
            queries(),
            positives(),
            List.of(first, second),
            row -> new int[] {row},
            IntStream.range(0, PASSAGES).toArray());
    FinetuningTask task =
        new FinetuningTask(ENCODER, ENCODER, data, 0, settings(8, 2, true), Workers.alone());
    assertThat(task.batch(0).queries().stream().map(query -> query[0] - 100))
        .containsExactlyInAnyOrder(0, 1, 2, 2, 3, 3, 4, 5);
  }

  @Test
  void aBatchLargerThanTheDataIsRefused() {
    assertThatThrownBy(() -> task(13, 1, true))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("13")
        .hasMessageContaining("12");
  }

  private static FinetuningTask task(int batch, int negatives, boolean excludeJudged) {
    FinetuningData data =
        new FinetuningData(
            queries(),
            positives(),
            List.of(source(10), source(20)),
            row -> new int[] {row},
            IntStream.range(0, PASSAGES).toArray());
    return new FinetuningTask(
        ENCODER, ENCODER, data, 0, settings(batch, negatives, excludeJudged), Workers.alone());
  }

  private static FinetuningSettings settings(int batch, int negatives, boolean excludeJudged) {
    return settings(batch, negatives, excludeJudged, Distillation.NONE);
  }

  private static FinetuningSettings settings(
      int batch, int negatives, boolean excludeJudged, Distillation distillation) {
    return new FinetuningSettings(
        10, batch, negatives, 4096, 1e-3, 0.1, 1, excludeJudged, distillation, Precision.FP32, 7);
  }

  private static List<int[]> queries() {
    return IntStream.range(0, QUERIES).mapToObj(query -> new int[] {100 + query}).toList();
  }

  /** Passages q and q + 1 are relevant to query q. */
  private static int[][] positives() {
    return IntStream.range(0, QUERIES)
        .mapToObj(query -> new int[] {query, query + 1})
        .toArray(int[][]::new);
  }

  private static int[][] source(int from) {
    return IntStream.range(0, QUERIES)
        .mapToObj(query -> IntStream.range(from, from + 6).toArray())
        .toArray(int[][]::new);
  }

  private static Encoder encoder() {
    Parameters parameters = new Parameters();
    Fresh.add(parameters, BertLayout.backbone(CONFIG), 0.1, 1);
    return new Encoder(CONFIG, parameters, Pooling.CLS, false);
  }

  private static List<List<Integer>> texts(FinetuningBatch batch) {
    return List.of(
        batch.queries().stream().map(query -> query[0]).toList(),
        batch.passages().stream().map(passage -> passage[0]).toList());
  }
}
