package io.condenser.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.model.BertConfig;
import io.condenser.model.BertLayout;
import io.condenser.model.Fresh;
import io.condenser.model.Parameters;
import io.condenser.model.Pooling;
import io.condenser.model.Precision;
import io.condenser.model.PretrainingModel;
import io.condenser.model.Tensors;
import io.condenser.storage.InputException;
import io.condenser.storage.Lines;
import io.condenser.text.CounterRandom;
import io.condenser.text.MaskedRow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {
  private static final int STEPS = 7;
  private static final BertConfig CONFIG =
      new BertConfig(64, 32, 2, 4, 64, 32, 2, 1e-12, 0.1, 0.1, 0.1);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 5})
  void aKilledRunEndsBitForBitWhereItWouldHaveEnded(int killedAt) {
    Map<String, float[]> whole = train(folder.resolve("whole"), STEPS, settings("same"));
    Path run = folder.resolve("killed");
    assertThatThrownBy(() -> train(run, killedAt, settings("same"))).isInstanceOf(Killed.class);
    Map<String, float[]> resumed = train(run, STEPS, settings("same"));
    assertThat(resumed.keySet()).isEqualTo(whole.keySet());
    resumed.forEach((name, values) -> assertThat(values).as(name).isEqualTo(whole.get(name)));
  }

  @Test
  void aResumedRunLogsEveryStepOnce() {
    assertThatThrownBy(() -> train(folder, 5, settings("same"))).isInstanceOf(Killed.class);
    train(folder, STEPS, settings("same"));
    List<String> steps = new ArrayList<>();
    try (Lines lines = Lines.open(folder.resolve(MetricsLog.FILE))) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        steps.add(line.substring(0, line.indexOf(',')));
      }
    }
    assertThat(steps)
        .containsExactly(
            Stream.iterate(0, i -> i < STEPS, i -> i + 1)
                .map(i -> "{\"step\":" + i)
                .toArray(String[]::new));
  }

  @Test
  void theBestValidatedParametersAreKept() {
    Map<Integer, Map<String, float[]>> seen = new LinkedHashMap<>();
    Iterator<Double> measures = List.of(0.2, 0.9, 0.5).iterator();
    SmallTask task = new SmallTask(STEPS);
    try (task) {
      Trainer trainer =
          new Trainer(
              task,
              new TrainerSettings(0.01, 1, 2, 3, "same"),
              folder,
              () -> {
                seen.put(seen.size(), task.values());
                return measures.next();
              });
      Trainer.Outcome outcome = trainer.train((step, numbers) -> {});
      assertThat(outcome.best()).isEqualTo(0.9);
      assertThat(outcome.bestStep()).isEqualTo(6);
      Map<String, float[]> best = seen.getOrDefault(1, Map.of());
      task.values().forEach((name, values) -> assertThat(values).isEqualTo(best.get(name)));
    }
  }

  @Test
  void aCheckpointOfOtherSettingsIsRefusedAndLeftAlone() {
    assertThatThrownBy(() -> train(folder, 5, settings("lr 1"))).isInstanceOf(Killed.class);
    assertThatThrownBy(() -> train(folder, STEPS, settings("lr 2")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("other settings")
        .hasMessageContaining("lr 1")
        .hasMessageContaining("lr 2");
    assertThat(TrainingCheckpoint.latest(folder)).isNotNull();
  }

  @Test
  void aTornCheckpointIsNotPickedUp() throws Exception {
    Files.createDirectories(folder.resolve("checkpoint-00000099.unfinished"));
    Map<String, float[]> whole = train(folder.resolve("whole"), STEPS, settings("same"));
    Map<String, float[]> beside = train(folder, STEPS, settings("same"));
    beside.forEach((name, values) -> assertThat(values).as(name).isEqualTo(whole.get(name)));
  }

  private static TrainerSettings settings(String configuration) {
    return new TrainerSettings(0.01, 1, 2, 0, configuration);
  }

  private static Map<String, float[]> train(Path run, int dieAfter, TrainerSettings settings) {
    try (SmallTask task = new SmallTask(dieAfter)) {
      new Trainer(task, settings, run, null).train((step, numbers) -> {});
      return task.values();
    }
  }

  /** What a process that dies looks like from inside. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** coCondenser with dropout on random rows; dies when asked for step {@code dieAfter}. */
  private static final class SmallTask implements Task, AutoCloseable {
    private static final int CHUNK_TOKENS = 20;

    private final int dieAfter;
    private final PretrainingModel model = model();
    private final PretrainingStep step =
        new PretrainingStep(model, new ContrastiveLoss(1), Precision.FP32, 0);

    SmallTask(int dieAfter) {
      this.dieAfter = dieAfter;
    }

    private static PretrainingModel model() {
      Parameters parameters = new Parameters();
      Fresh.add(parameters, BertLayout.backbone(CONFIG), 0.1, 1);
      Fresh.add(parameters, BertLayout.mlmHead(CONFIG), 0.1, 2);
      Fresh.add(parameters, BertLayout.condenserHead(CONFIG, 1), 0.1, 3);
      return new PretrainingModel(CONFIG, parameters, 1, 1, Pooling.CLS, false);
    }

    @Override
    public Map<String, Tensor> parameters() {
      return model.parameters().tensors();
    }

    @Override
    public Map<String, Double> accumulate(long at) {
      if (at == dieAfter) {
        throw new Killed();
      }
      List<MaskedRow> rows = new ArrayList<>();
      for (int row = 0; row < 4; row++) {
        CounterRandom random = CounterRandom.at(9, 0, at, row);
        int[] ids = new int[6 + row];
        Arrays.setAll(ids, i -> 5 + random.below(50, i));
        rows.add(new MaskedRow(ids, new int[] {1, 3}, new int[] {7, 8}));
      }
      long dropoutSeed = CounterRandom.at(9, 1, 0, at).bits(0);
      return Map.of("loss", step.accumulate(rows, CHUNK_TOKENS, dropoutSeed).total());
    }

    @Override
    public double learningRate(long at) {
      return Schedule.of(1e-2, 0.2, STEPS).learningRate(at);
    }

    @Override
    public long steps() {
      return STEPS;
    }

    @Override
    public int chunkTokens() {
      return CHUNK_TOKENS;
    }

    @Override
    public int rowsPerStep() {
      return 4;
    }

    Map<String, float[]> values() {
      Map<String, float[]> values = new LinkedHashMap<>();
      try (PointerScope _ = new PointerScope()) {
        parameters().forEach((name, tensor) -> values.put(name, Tensors.floats(tensor)));
      }
      return values;
    }

    @Override
    public void close() {
      model.close();
    }
  }
}
