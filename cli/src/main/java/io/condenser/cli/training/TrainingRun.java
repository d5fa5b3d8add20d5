package io.condenser.cli.training;

import io.condenser.cli.Console;
import io.condenser.cli.Stage;
import io.condenser.cli.StageType;
import io.condenser.model.Machine;
import io.condenser.storage.Fingerprint;
import io.condenser.storage.Replacement;
import io.condenser.training.MetricsLog;
import io.condenser.training.Task;
import io.condenser.training.Trainer;
import io.condenser.training.TrainerSettings;
import io.condenser.training.Validation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What both kinds of training share: the folder {@code OUT-training} beside the model, a progress
 * bar, the end. Of the folder, metrics and events stay; checkpoints and token stores go once the
 * model is written.
 */
final class TrainingRun {
  private static final List<String> KEPT = List.of(MetricsLog.FILE, "events");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Stage stage;
  private final String data;
  private final Path folder;
  private final Console console;

  /** The run of a stage that writes {@code out}; reads the stage's inputs for their fingerprint. */
  TrainingRun(Stage stage, Path out, Console console) throws IOException {
    this.stage = stage;
    Fingerprint content = new Fingerprint();
    stage.inputs().forEach(input -> content.add("input", input));
    data = content.hex();
    Path absolute = out.toAbsolutePath();
    folder = absolute.resolveSibling(absolute.getFileName() + "-training");
    this.console = console;
    Files.createDirectories(folder);
  }

  Path folder() {
    return folder;
  }

  /** Trainer settings whose configuration is the stage itself and the content of what it reads. */
  TrainerSettings settings(
      double weightDecay, double clip, int checkpointEvery, int validateEvery) {
    return new TrainerSettings(
        weightDecay, clip, checkpointEvery, validateEvery, stage + " of data " + data);
  }

  /** What the model's {@code provenance.json} says: settings, and the fingerprint of all inputs. */
  String provenance(StageType type) {
    ObjectNode json = JSON.createObjectNode();
    json.put("stage", type.name());
    ObjectNode settings = json.putObject("settings");
    type.written(stage).forEach(settings::put);
    json.put("data", data);
    return json.toPrettyString() + "\n";
  }

  void train(Task task, TrainerSettings settings, @Nullable Validation validation) {
    console.say(
        "%s; graphs of at most %,d tokens at once"
            .formatted(Machine.describe(), task.chunkTokens()));
    try (Console.Progress progress = console.progress("train", task.steps(), "steps")) {
      Trainer trainer = new Trainer(task, settings, folder, validation);
      Trainer.Outcome outcome =
          trainer.train((step, numbers) -> {
            progress.at(step);
            progress.note(note(numbers));
          });
      if (outcome.bestStep() >= 0) {
        console.say(
            "kept step %d, whose dev measure %.4f was the best"
                .formatted(outcome.bestStep(), outcome.best()));
      }
    }
  }

  private static String note(Map<String, Double> numbers) {
    String loss = "loss %.3f".formatted(numbers.getOrDefault("loss", Double.NaN));
    Double dev = numbers.get("dev");
    return dev == null ? loss : loss + " dev %.4f".formatted(dev);
  }

  /** Deletes what a finished run no longer needs. */
  void finish() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path path : (Iterable<Path>) entries::iterator) {
        if (!KEPT.contains(path.getFileName().toString())) {
          Replacement.deleteTree(path);
        }
      }
    }
  }
}
