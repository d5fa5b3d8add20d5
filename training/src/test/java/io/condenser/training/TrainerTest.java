package io.condenser.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.model.Precision;
import io.condenser.storage.InputException;
import io.condenser.storage.Lines;
import io.condenser.training.workers.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {
  private static final int STEPS = 7;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 5})
  void aKilledRunEndsBitForBitWhereItWouldHaveEnded(int killedAt) {
    Map<String, float[]> whole = train(folder.resolve("whole"), STEPS, settings("same"));
    Path run = folder.resolve("killed");
    assertThatThrownBy(() -> train(run, killedAt, settings("same")))
        .isInstanceOf(SmallTask.Killed.class);
    Map<String, float[]> resumed = train(run, STEPS, settings("same"));
    assertThat(resumed.keySet()).isEqualTo(whole.keySet());
    resumed.forEach((name, values) -> assertThat(values).as(name).isEqualTo(whole.get(name)));
  }

  /** A loss that is scaled by powers of two has, unscaled, the same gradient to the bit. */
  @Test
  void scaledLossesTrainTheSame() {
    Map<String, float[]> plain = train(folder.resolve("plain"), STEPS, settings("same"));
    Map<String, float[]> scaled =
        train(folder.resolve("scaled"), STEPS, settings("same"), Precision.FP16);
    scaled.forEach((name, values) -> assertThat(values).as(name).isEqualTo(plain.get(name)));
  }

  @Test
  void aKilledRunGoesOnWithItsScale() throws Exception {
    assertThatThrownBy(() -> train(folder, 5, settings("same"), Precision.FP16))
        .isInstanceOf(SmallTask.Killed.class);
    assertThat(state()).contains("\"lossScale\":{\"factor\":65536.0,\"finite\":4}");
    Files.writeString(
        statePath(),
        state().replace("\"factor\":65536.0,\"finite\":4", "\"factor\":64.0,\"finite\":1998"));
    train(folder, STEPS, settings("same"), Precision.FP16);
    assertThat(state()).contains("\"lossScale\":{\"factor\":128.0,\"finite\":1}");
  }

  @Test
  void aCheckpointWithoutAScaleIsRead() throws Exception {
    assertThatThrownBy(() -> train(folder, 5, settings("same")))
        .isInstanceOf(SmallTask.Killed.class);
    assertThat(state()).contains(",\"lossScale\":null");
    Files.writeString(statePath(), state().replace(",\"lossScale\":null", "")); // as they once were
    train(folder, STEPS, settings("same"));
    assertThat(state()).contains("\"step\":" + STEPS);
  }

  private Path statePath() {
    return Objects.requireNonNull(TrainingCheckpoint.latest(folder)).resolve("state.json");
  }

  private String state() throws IOException {
    return Files.readString(statePath());
  }

  @Test
  void aResumedRunSaysWhereItGoesOn() {
    assertThatThrownBy(() -> train(folder, 5, settings("same")))
        .isInstanceOf(SmallTask.Killed.class);
    List<Long> told = new ArrayList<>();
    try (SmallTask task = new SmallTask(STEPS, STEPS, Workers.alone())) {
      new Trainer(task, settings("same"), folder, null)
          .train(
              new Trainer.Listener() {
                @Override
                public void resumed(long steps) {
                  told.add(-steps);
                }

                @Override
                public void stepped(long steps, Map<String, Double> numbers) {
                  told.add(steps);
                }
              });
    }
    assertThat(told)
        .containsExactlyElementsOf(
            Stream.concat(Stream.of(-4L), LongStream.rangeClosed(5, STEPS).boxed()).toList());
  }

  @Test
  void aResumedRunLogsEveryStepOnce() {
    assertThatThrownBy(() -> train(folder, 5, settings("same")))
        .isInstanceOf(SmallTask.Killed.class);
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
    SmallTask task = new SmallTask(STEPS, STEPS, Workers.alone());
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
      assertThat(folder)
          .isDirectoryContaining("glob:**/best-6.safetensors")
          .isDirectoryNotContaining("glob:**/best-3.safetensors");
    }
  }

  @Test
  void aCheckpointOfOtherSettingsIsRefusedAndLeftAlone() {
    assertThatThrownBy(() -> train(folder, 5, settings("lr 1")))
        .isInstanceOf(SmallTask.Killed.class);
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
    return train(run, dieAfter, settings, Precision.FP32);
  }

  private static Map<String, float[]> train(
      Path run, int dieAfter, TrainerSettings settings, Precision said) {
    try (SmallTask task = new SmallTask(STEPS, dieAfter, Workers.alone(), said)) {
      new Trainer(task, settings, run, null).train((step, numbers) -> {});
      return task.values();
    }
  }
}
