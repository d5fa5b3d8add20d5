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
import io.condenser.model.Tensors;
import io.condenser.training.Distillation.Objective;
import io.condenser.training.workers.Workers;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A passage of row r is the token 5 + r, and the teacher's logit of it is r. Query q's positive is
 * passage q; the teacher saw it and 10 to 16 for every query but the last.
 */
class TeacherListsTest {
  private static final int QUERIES = 6;
  private static final int PASSAGES = 30;
  private static final BertConfig CONFIG =
      new BertConfig(200, 8, 1, 2, 16, 16, 2, 1e-12, 0.1, 0.1, 0.1);

  @Test
  void aListIsThePositiveAndOthersThatTheTeacherScored() {
    TeacherLists lists = new TeacherLists(teacher(), 3, 7);
    TeacherLists.Listed listed = lists.of(2, 2, 0);
    assertThat(listed.passages()).hasSize(4).startsWith(2).doesNotHaveDuplicates();
    assertThat(IntStream.of(listed.passages()).skip(1)).allMatch(p -> p >= 10 && p <= 16);
    assertThat(listed.logits())
        .containsExactly(IntStream.of(listed.passages()).asDoubleStream().toArray());
  }

  @Test
  void theWindowMovesWithTheEpochOverAllCandidates() {
    TeacherLists lists = new TeacherLists(teacher(), 3, 7);
    Set<Integer> seen = new HashSet<>();
    for (int epoch = 0; epoch < 3; epoch++) {
      IntStream.of(lists.of(0, 0, epoch).passages()).skip(1).forEach(seen::add);
    }
    assertThat(seen).containsExactlyInAnyOrder(10, 11, 12, 13, 14, 15, 16);
    assertThat(new TeacherLists(teacher(), 50, 7).of(0, 0, 0).passages()).hasSize(8);
  }

  @Test
  void withoutAScoreOfThePositiveThereIsNoList() {
    TeacherLists lists = new TeacherLists(teacher(), 3, 7);
    assertThat(lists.of(QUERIES - 1, QUERIES - 1, 0).passages()).isEmpty();
    assertThat(lists.of(0, 29, 0).passages()).isEmpty();
  }

  @Test
  void candidatesAreInTheBatchAndNoNegativesOfTheirQuery() {
    try (Encoder encoder = encoder()) {
      FinetuningBatch batch = task(encoder).batch(0);
      int candidates = 0;
      for (int i = 0; i < QUERIES; i++) {
        int[] listed = batch.taught().rows()[i];
        double[] logits = batch.taught().logits()[i];
        if (batch.queries().get(i)[0] == 100 + QUERIES - 1) {
          assertThat(listed).isEmpty();
          continue;
        }
        assertThat(listed[0]).isEqualTo(batch.positives()[i]);
        for (int j = 1; j < listed.length; j++) {
          int passage = batch.passages().get(listed[j])[0] - 5;
          assertThat(logits[j]).isEqualTo(passage);
          // 10 is the negative of every query: what is both stays a negative
          assertThat(IntStream.of(batch.excluded()[i]).anyMatch(isRow(listed[j])))
              .isEqualTo(passage != 10);
          candidates++;
        }
      }
      assertThat(candidates).isEqualTo(3 * (QUERIES - 1));
    }
  }

  private static IntPredicate isRow(int row) {
    return other -> other == row;
  }

  @Test
  void distillationNeedsATeacher() {
    try (Encoder encoder = encoder()) {
      assertThatThrownBy(() ->
              new FinetuningTask(
                  encoder, encoder, data(null), 0, settings(Objective.KL), Workers.alone()))
          .hasMessageContaining("go together");
    }
  }

  @Test
  void aKilledRunEndsBitForBitWhereItWouldHaveEnded(@TempDir Path folder) {
    Map<String, float[]> whole = train(folder.resolve("whole"), Integer.MAX_VALUE);
    assertThatThrownBy(() -> train(folder.resolve("killed"), 4)).hasMessage("killed");
    train(folder.resolve("killed"), Integer.MAX_VALUE)
        .forEach((name, values) -> assertThat(values).as(name).isEqualTo(whole.get(name)));
  }

  private static Map<String, float[]> train(Path folder, int killedAt) {
    try (Encoder encoder = encoder();
        PointerScope _ = new PointerScope()) {
      new Trainer(task(encoder), new TrainerSettings(0.01, 1, 3, 0, "same"), folder, null)
          .train((step, numbers) -> {
            assertThat(numbers).containsKeys("loss", "contrastive", "distillation");
            if (step == killedAt) {
              throw new IllegalStateException("killed");
            }
          });
      Map<String, float[]> values = new LinkedHashMap<>();
      encoder
          .parameters()
          .tensors()
          .forEach((name, tensor) -> values.put(name, Tensors.floats(tensor)));
      return values;
    }
  }

  private static FinetuningTask task(Encoder encoder) {
    return new FinetuningTask(
        encoder, encoder, data(teacher()), 0, settings(Objective.MARGIN_MSE), Workers.alone());
  }

  private static FinetuningSettings settings(Objective objective) {
    return new FinetuningSettings(
        6,
        QUERIES,
        1,
        4096,
        1e-2,
        0.1,
        1,
        true,
        new Distillation(objective, 0.5, 10, 3),
        Precision.FP32,
        7);
  }

  private static FinetuningData data(FinetuningData.@Nullable Teacher teacher) {
    return new FinetuningData(
        IntStream.range(0, QUERIES).mapToObj(query -> new int[] {100 + query}).toList(),
        IntStream.range(0, QUERIES).mapToObj(query -> new int[] {query}).toArray(int[][]::new),
        List.<int[][]>of(
            IntStream.range(0, QUERIES).mapToObj(query -> new int[] {10}).toArray(int[][]::new)),
        row -> new int[] {5 + row},
        IntStream.range(0, PASSAGES).toArray(),
        teacher);
  }

  private static FinetuningData.Teacher teacher() {
    int[][] passages = new int[QUERIES][];
    float[][] logits = new float[QUERIES][];
    for (int query = 0; query < QUERIES; query++) {
      IntStream own = query == QUERIES - 1 ? IntStream.of(20) : IntStream.of(query);
      passages[query] = IntStream.concat(own, IntStream.rangeClosed(10, 16)).toArray();
      logits[query] = new float[passages[query].length];
      for (int i = 0; i < logits[query].length; i++) {
        logits[query][i] = passages[query][i];
      }
    }
    return new FinetuningData.Teacher(passages, logits);
  }

  private static Encoder encoder() {
    Parameters parameters = new Parameters();
    Fresh.add(parameters, BertLayout.backbone(CONFIG), 0.1, 1);
    return new Encoder(CONFIG, parameters, Pooling.CLS, false);
  }
}
