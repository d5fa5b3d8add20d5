package io.condenser.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.condenser.model.CrossEncoder;
import io.condenser.model.Encoder;
import io.condenser.model.Precision;
import io.condenser.model.PretrainingModel;
import io.condenser.model.Tensors;
import io.condenser.text.CounterRandom;
import io.condenser.text.MaskedRow;
import io.condenser.text.TokenPair;
import io.condenser.training.workers.Workers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongToDoubleFunction;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several workers do what one process does with the same batch, dropout included. */
class SharedWorkTest {
  private static final int ROWS = 14;
  private static final int ALL = 1 << 20; // tokens: graphs are kept
  private static final int FEW = 24; // tokens: two passes in several chunks
  private static final double SAME_GRADIENT = 1e-5;
  private static final int STEPS = 20;
  private static final int SHORT = 6;

  /** Gradients and loss of a step. */
  private record Found(double loss, Map<String, double[]> gradients) {}

  @ParameterizedTest
  @CsvSource({"2, 0", "4, 0", "2, 1", "4, 1"})
  void maskedWordsHaveTheGradientOfOneProcess(int count, int headLayers) {
    assertSame(count, workers -> pretrain(workers, headLayers, false, FEW));
  }

  @ParameterizedTest
  @CsvSource({"2, " + ALL, "4, " + ALL, "2, " + FEW, "4, " + FEW})
  void spansHaveTheGradientOfOneProcess(int count, int chunkTokens) {
    assertSame(count, workers -> pretrain(workers, 1, true, chunkTokens));
  }

  @ParameterizedTest
  @CsvSource({"2, false, " + ALL, "4, false, " + FEW, "4, true, " + ALL, "2, true, " + FEW})
  void biEncodersHaveTheGradientOfOneProcess(int count, boolean untied, int chunkTokens) {
    assertSame(count, workers -> finetune(workers, untied, chunkTokens));
  }

  @ParameterizedTest
  @CsvSource({
    "2, POINTWISE, " + ALL,
    "4, POINTWISE, " + FEW,
    "2, LISTWISE, " + ALL,
    "4, LISTWISE, " + FEW
  })
  void crossEncodersHaveTheGradientOfOneProcess(int count, RerankingLoss loss, int chunkTokens) {
    assertSame(count, workers -> rerank(workers, loss, chunkTokens));
  }

  @Test
  void aWorkerWithoutMaskedWordsAddsNothing() {
    List<MaskedRow> rows = new ArrayList<>(SmallTask.rows(0, 2));
    rows.add(new MaskedRow(new int[] {5, 6, 7}, new int[0], new int[0]));
    rows.add(new MaskedRow(new int[] {5, 9, 8}, new int[0], new int[0]));
    assertSame(4, workers -> pretrain(workers, 1, true, ALL, rows));
  }

  @ParameterizedTest
  @CsvSource({
    "2, 0, false, " + ALL, // MLM
    "4, 0, false, " + FEW,
    "2, 1, false, " + ALL, // Condenser
    "4, 1, false, " + FEW,
    "2, 1, true, " + ALL, // coCondenser
    "4, 1, true, " + ALL,
    "2, 1, true, " + FEW, // cached
    "4, 1, true, " + FEW
  })
  void twentyStepsOfPretrainingHaveTheLossesOfOneProcess(
      int count, int headLayers, boolean spans, int chunkTokens) {
    assertSameLosses(count, workers -> pretrainingLosses(workers, headLayers, spans, chunkTokens));
  }

  @ParameterizedTest
  @CsvSource({"2, false, " + ALL, "4, false, " + FEW, "4, true, " + ALL, "2, true, " + FEW})
  void twentyStepsOfABiEncoderHaveTheLossesOfOneProcess(
      int count, boolean untied, int chunkTokens) {
    assertSameLosses(count, workers -> finetuningLosses(workers, untied, chunkTokens));
  }

  @ParameterizedTest
  @CsvSource({"2, POINTWISE", "4, LISTWISE"})
  void twentyStepsOfACrossEncoderHaveTheLossesOfOneProcess(int count, RerankingLoss loss) {
    assertSameLosses(count, workers -> rerankingLosses(workers, loss));
  }

  @Test
  void runsRepeatBitForBitAndWorkersStayInStep() {
    List<Map<String, float[]>> runs = new ArrayList<>(Crew.of(3, SharedWorkTest::weights));
    runs.addAll(Crew.of(3, SharedWorkTest::weights));
    for (Map<String, float[]> run : runs) {
      run.forEach(
          (name, values) -> assertThat(values).as(name).isEqualTo(runs.getFirst().get(name)));
    }
  }

  /** So that a checkpoint serves any number of workers. */
  @Test
  void aRunGoesOnWithMoreWorkersThanBefore(@TempDir Path folder) {
    Path run = folder.resolve("run");
    int killedAt = 4;
    assertThat(Crew.of(2, workers -> train(workers, run, killedAt))).containsExactly(false, false);
    assertThat(Crew.of(4, workers -> train(workers, run, SHORT))).doesNotContain(false);
    assertThat(Crew.of(1, workers -> train(workers, folder.resolve("one"), SHORT)))
        .containsExactly(true);
    Map<String, float[]> one = stored(folder.resolve("one"));
    Map<String, float[]> resumed = stored(run);
    resumed.keySet().removeIf(name -> name.endsWith("key.bias")); // AdamW scales its rounding up
    resumed.forEach((name, values) -> {
      float[] expected = one.getOrDefault(name, new float[0]);
      assertThat(values).as(name).hasSameSizeAs(expected);
      for (int i = 0; i < values.length; i++) {
        assertThat(values[i]).isCloseTo(expected[i], within(1e-3f));
      }
    });
  }

  /** Whether the run came to its end. */
  private static boolean train(Workers workers, Path run, int dieAfter) {
    try (SmallTask task = new SmallTask(SHORT, dieAfter, workers)) {
      new Trainer(task, new TrainerSettings(0.01, 1, 3, 0, "same"), run, null)
          .train((step, numbers) -> assertThat(workers.leads()).isTrue());
      return true;
    } catch (SmallTask.Killed e) {
      return false;
    }
  }

  private static Map<String, float[]> stored(Path run) {
    try (SmallTask task = new SmallTask(SHORT, SHORT, Workers.alone())) {
      new Trainer(task, new TrainerSettings(0.01, 1, 3, 0, "same"), run, null)
          .train((step, numbers) -> {
            throw new AssertionError("the run had not ended");
          });
      return task.values();
    }
  }

  private static void assertSame(int count, Function<Workers, Found> work) {
    Found alone = Crew.of(1, work).getFirst();
    for (Found found : Crew.of(count, work)) {
      assertThat(found.loss).isCloseTo(alone.loss, within(1e-5 * alone.loss));
      assertThat(found.gradients.keySet()).isEqualTo(alone.gradients.keySet());
      double whole =
          Golden.norm(alone.gradients.values().stream().mapToDouble(Golden::norm).toArray());
      alone.gradients.forEach((name, expected) -> {
        double norm = Golden.norm(expected);
        assertThat(Golden.distance(found.gradients.getOrDefault(name, new double[0]), expected))
            .as(name)
            // where the gradient is 0, as a key's bias has it, what stands there is rounding
            .isLessThanOrEqualTo(SAME_GRADIENT * (norm > 1e-6 * whole ? norm : whole));
      });
    }
  }

  private static void assertSameLosses(int count, Function<Workers, List<Double>> work) {
    List<Double> alone = Crew.of(1, work).getFirst();
    assertThat(alone.getLast()).isLessThan(0.9 * alone.getFirst()); // they learn
    for (List<Double> losses : Crew.of(count, work)) {
      assertThat(losses).hasSize(STEPS);
      for (int step = 0; step < STEPS; step++) {
        assertThat(losses.get(step)).isCloseTo(alone.get(step), within(1e-4));
      }
    }
  }

  private static Found pretrain(Workers workers, int headLayers, boolean spans, int chunkTokens) {
    return pretrain(workers, headLayers, spans, chunkTokens, SmallTask.rows(0, ROWS));
  }

  private static Found pretrain(
      Workers workers, int headLayers, boolean spans, int chunkTokens, List<MaskedRow> rows) {
    try (PretrainingModel model = SmallTask.model(headLayers);
        PointerScope _ = new PointerScope()) {
      double total =
          pretrainingStep(model, spans, workers).accumulate(rows, chunkTokens, 100, 1).total();
      return new Found(total, gradients(model.parameters().tensors()));
    }
  }

  private static List<Double> pretrainingLosses(
      Workers workers, int headLayers, boolean spans, int chunkTokens) {
    try (PretrainingModel model = SmallTask.model(headLayers)) {
      PretrainingStep step = pretrainingStep(model, spans, workers);
      return losses(
          model.parameters().tensors(),
          at -> step.accumulate(SmallTask.rows(at, ROWS), chunkTokens, 100 + at, 1).total());
    }
  }

  private static PretrainingStep pretrainingStep(
      PretrainingModel model, boolean spans, Workers workers) {
    ContrastiveLoss loss = spans ? new ContrastiveLoss(0.7) : null;
    return new PretrainingStep(model, loss, Precision.FP32, 0, workers);
  }

  private static Found finetune(Workers workers, boolean untied, int chunkTokens) {
    try (Encoder passages = SmallTask.encoder(1);
        Encoder queries = untied ? SmallTask.encoder(2) : passages;
        PointerScope _ = new PointerScope()) {
      double loss =
          biEncoderStep(queries, passages, workers)
              .accumulate(batch(), chunkTokens, CounterRandom.at(7, 0, 0, 0), 1)
              .total();
      return new Found(loss, gradients(parameters(queries, passages)));
    }
  }

  private static List<Double> finetuningLosses(Workers workers, boolean untied, int chunkTokens) {
    try (Encoder passages = SmallTask.encoder(1);
        Encoder queries = untied ? SmallTask.encoder(2) : passages) {
      BiEncoderStep step = biEncoderStep(queries, passages, workers);
      return losses(
          parameters(queries, passages),
          at -> step.accumulate(batch(), chunkTokens, CounterRandom.at(7, 0, 0, at), 1).total());
    }
  }

  private static Found rerank(Workers workers, RerankingLoss loss, int chunkTokens) {
    try (CrossEncoder encoder = SmallTask.crossEncoder();
        PointerScope _ = new PointerScope()) {
      double found =
          new RerankingStep(encoder, loss, Precision.FP32, 0, workers)
              .accumulate(pairs(), chunkTokens, 100, 1);
      return new Found(found, gradients(encoder.parameters().tensors()));
    }
  }

  private static List<Double> rerankingLosses(Workers workers, RerankingLoss loss) {
    try (CrossEncoder encoder = SmallTask.crossEncoder()) {
      RerankingStep step = new RerankingStep(encoder, loss, Precision.FP32, 0, workers);
      return losses(
          encoder.parameters().tensors(), at -> step.accumulate(pairs(), FEW, 100 + at, 1));
    }
  }

  private static BiEncoderStep biEncoderStep(Encoder queries, Encoder passages, Workers workers) {
    return new BiEncoderStep(
        queries,
        passages,
        new BiEncoderLoss(
            new ContrastiveLoss(1), new DistillationLoss(Distillation.Objective.KL, 1, 1), 0.4),
        Precision.FP32,
        0,
        workers);
  }

  private static Map<String, Tensor> parameters(Encoder queries, Encoder passages) {
    Map<String, Tensor> parameters = new LinkedHashMap<>(passages.parameters().tensors());
    queries
        .parameters()
        .tensors()
        .forEach((name, tensor) -> parameters.put("query." + name, tensor));
    return parameters;
  }

  /** Losses of steps that move the parameters, each before its move. */
  private static List<Double> losses(Map<String, Tensor> parameters, LongToDoubleFunction step) {
    List<Double> losses = new ArrayList<>();
    try (AdamW optimizer = new AdamW(parameters, 0.01)) {
      for (long at = 0; at < STEPS; at++) {
        try (PointerScope _ = new PointerScope()) {
          Gradients.clear(parameters.values());
          losses.add(step.applyAsDouble(at));
          Gradients.clip(parameters.values(), 1);
          optimizer.step(3e-3);
        }
      }
    }
    return losses;
  }

  /** Five queries, eleven passages; two have other relevant ones in the batch, four a teacher. */
  private static FinetuningBatch batch() {
    List<int[]> queries = new ArrayList<>();
    SmallTask.rows(1, 5).forEach(row -> queries.add(row.ids()));
    List<int[]> passages = new ArrayList<>();
    SmallTask.rows(2, 11).forEach(row -> passages.add(row.ids()));
    int[][] listed = {{0, 1, 9}, {}, {4, 5}, {6, 7, 8}, {8, 3}};
    double[][] logits = {{2, -1, 0}, {}, {1, 3}, {4, 0, 1}, {0.5, 0}};
    return new FinetuningBatch(
        queries,
        passages,
        new int[] {0, 2, 4, 6, 8},
        new int[][] {{}, {6}, {}, {10, 2}, {}},
        new DistillationLoss.Lists(listed, logits));
  }

  /** Four queries, of which the last has two positives among its five candidates. */
  private static RerankingBatch pairs() {
    List<TokenPair> pairs = new ArrayList<>();
    SmallTask.rows(3, ROWS).forEach(row -> pairs.add(new TokenPair(row.ids(), 3)));
    boolean[] relevant = new boolean[ROWS];
    for (int row : new int[] {0, 3, 6, 9, 11}) {
      relevant[row] = true;
    }
    return new RerankingBatch(
        pairs, relevant, new int[] {0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3});
  }

  private static Map<String, double[]> gradients(Map<String, Tensor> parameters) {
    Map<String, double[]> gradients = new LinkedHashMap<>();
    parameters.forEach((name, tensor) -> {
      if (tensor.grad().defined()) {
        gradients.put(name, Tensors.doubles(tensor.grad()));
      }
    });
    return gradients;
  }

  private static Map<String, float[]> weights(Workers workers) {
    try (SmallTask task = new SmallTask(STEPS, STEPS, workers);
        Stepper stepper = new Stepper(task, 0.01, 1)) {
      for (long step = 0; step < 5; step++) {
        stepper.take(step);
      }
      return task.values();
    }
  }
}
