package io.condenser.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.condenser.model.BertConfig;
import io.condenser.model.BertLayout;
import io.condenser.model.CrossEncoder;
import io.condenser.model.Fresh;
import io.condenser.model.Parameters;
import io.condenser.model.Precision;
import io.condenser.text.TokenPair;
import io.condenser.training.workers.Workers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A query q is {@code [CLS] 100+q [SEP]}, a passage p {@code [CLS] 10+p [SEP]}; p is relevant to q
 * if the two are equal. [CLS] is 1, [SEP] 2.
 */
class RerankingTaskTest {
  private static final BertConfig CONFIG =
      new BertConfig(200, 16, 2, 2, 32, 16, 2, 1e-12, 0.1, 0, 0.1);
  private static final int QUERIES = 8;
  private static final int PASSAGES = 40;

  @TempDir Path folder;

  @Test
  void everyQueryStandsWithItsPositiveAndItsNegatives() {
    try (CrossEncoder encoder = encoder()) {
      RerankingBatch batch = task(encoder, RerankingLoss.POINTWISE).batch(0);
      assertThat(batch.pairs()).hasSize(4 * 3);
      Set<Integer> queries = new HashSet<>();
      for (int row = 0; row < 12; row++) {
        int[] ids = batch.pairs().get(row).ids();
        assertThat(ids).hasSize(5).startsWith(1).endsWith(2);
        int query = ids[1] - 100;
        int passage = ids[3] - 10;
        queries.add(query);
        assertThat(batch.queries()[row]).isEqualTo(row / 3);
        assertThat(batch.relevant()[row]).isEqualTo(row % 3 == 0).isEqualTo(query == passage);
      }
      assertThat(queries).hasSize(4);
    }
  }

  @Test
  void negativesRotate() {
    try (CrossEncoder encoder = encoder()) {
      RerankingTask task = task(encoder, RerankingLoss.POINTWISE);
      Set<Integer> seen = new HashSet<>();
      for (long step = 0; step < 2 * 3; step++) { // 3 epochs of 2 steps
        RerankingBatch batch = task.batch(step);
        for (int row = 0; row < 12; row++) {
          int[] ids = batch.pairs().get(row).ids();
          if (ids[1] == 100 && !batch.relevant()[row]) {
            seen.add(ids[3] - 10);
          }
        }
      }
      assertThat(seen).containsExactlyInAnyOrder(20, 21, 22, 23, 24, 25);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theLossFalls(RerankingLoss loss) {
    try (CrossEncoder encoder = encoder()) {
      List<Double> losses = new ArrayList<>();
      train(encoder, loss, losses);
      double first = losses.subList(0, 10).stream().mapToDouble(x -> x).sum();
      double last =
          losses.subList(losses.size() - 10, losses.size()).stream().mapToDouble(x -> x).sum();
      assertThat(last).isLessThan(0.5 * first);
    }
  }

  private void train(CrossEncoder encoder, RerankingLoss loss, List<Double> losses) {
    Trainer trainer =
        new Trainer(
            task(encoder, loss), new TrainerSettings(0.01, 1, 1000, 0, "same"), folder, null);
    trainer.train((step, numbers) -> losses.add(numbers.getOrDefault("loss", Double.NaN)));
  }

  private static RerankingTask task(CrossEncoder encoder, RerankingLoss loss) {
    List<int[]> queries =
        IntStream.range(0, QUERIES).mapToObj(query -> new int[] {1, 100 + query, 2}).toList();
    int[][] positives =
        IntStream.range(0, QUERIES).mapToObj(query -> new int[] {query}).toArray(int[][]::new);
    int[][] negatives =
        IntStream.range(0, QUERIES)
            .mapToObj(query -> IntStream.range(20, 26).toArray())
            .toArray(int[][]::new);
    FinetuningData data =
        new FinetuningData(
            queries,
            positives,
            List.<int[][]>of(negatives),
            p -> new int[] {1, 10 + p, 2},
            IntStream.range(0, PASSAGES).toArray());
    RerankingSettings settings =
        new RerankingSettings(loss, 40, 4, 2, 4096, 1e-2, 0.1, Precision.FP32, 7);
    return new RerankingTask(
        encoder, data, (q, p) -> TokenPair.of(q, p, 16), 0, settings, Workers.alone());
  }

  private static CrossEncoder encoder() {
    Parameters parameters = new Parameters();
    Fresh.add(parameters, BertLayout.backbone(CONFIG), 0.1, 1);
    Fresh.add(parameters, BertLayout.classifier(CONFIG), 0.1, 2);
    return new CrossEncoder(CONFIG, parameters);
  }
}
