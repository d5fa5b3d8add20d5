package io.condenser.cli.training;

import io.condenser.cli.Console;
import io.condenser.cli.Parameter;
import io.condenser.cli.QuietConsole;
import io.condenser.cli.Stage;
import io.condenser.cli.StageType;
import io.condenser.model.Machine;
import io.condenser.storage.Fingerprint;
import io.condenser.storage.InputException;
import io.condenser.storage.Replacement;
import io.condenser.training.MetricsLog;
import io.condenser.training.Task;
import io.condenser.training.Trainer;
import io.condenser.training.TrainerSettings;
import io.condenser.training.Validation;
import io.condenser.training.workers.Workers;
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
 * What both kinds of training share, for one of their workers: the folder {@code OUT-training}
 * beside the model, a progress bar, the end. Of the folder, metrics and events stay; checkpoints
 * and token stores go once the model is written. All workers but the first are silent, and have a
 * folder of their own in it while they work.
 */
final class TrainingRun {
  private static final List<String> KEPT = List.of(Stage.OURS, MetricsLog.FILE, "events");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final StageType type;
  private final Stage stage;
  private final String data;
  private final Workers workers;
  private final Path folder;
  private final Console console;

  private TrainingRun(
      StageType type, Stage stage, String data, Workers workers, Path folder, Console console) {
    this.type = type;
    this.stage = stage;
    this.data = data;
    this.workers = workers;
    this.folder = folder;
    this.console = console;
  }

  /** What a worker does. */
  @FunctionalInterface
  interface Body {
    void train(TrainingRun run) throws IOException;
  }

  /**
   * Trains a stage with all its workers. Reads the stage's inputs for their fingerprint.
   *
   * @param out the model that the first worker writes
   */
  static void of(
      StageType type, Stage stage, WorkerSettings settings, Path out, Console console, Body body)
      throws IOException {
    Fingerprint content = new Fingerprint();
    stage.inputs().forEach(input -> content.add("input", input));
    String data = content.hex();
    Path folder = folder(out);
    take(folder);
    String device = " on " + Parameter.written(Machine.device()); // Gloo and NCCL do not mix
    new Team(type, stage, configuration(type, stage, data) + device, folder, console)
        .work(
            settings,
            workers -> {
              if (workers.leads()) {
                body.train(new TrainingRun(type, stage, data, workers, folder, console));
              } else {
                Path own = folder.resolve("worker-" + workers.rank());
                Files.createDirectories(own);
                body.train(new TrainingRun(type, stage, data, workers, own, new QuietConsole()));
                Replacement.deleteTree(own);
              }
            });
    if (settings.rank() == 0) {
      deleteAllBut(KEPT, folder);
    }
  }

  /** Where the training of a model keeps its checkpoints and metrics. */
  static Path folder(Path out) {
    Path absolute = out.toAbsolutePath();
    return absolute.resolveSibling(absolute.getFileName() + "-training");
  }

  /** What is in it is deleted at the end, so it must be ours. */
  private static void take(Path folder) throws IOException {
    Files.createDirectories(folder);
    Path mark = folder.resolve(Stage.OURS);
    try (Stream<Path> entries = Files.list(folder)) {
      if (entries.findAny().isPresent()
          && !Files.exists(mark)
          && !Files.exists(folder.resolve(MetricsLog.FILE))) {
        throw InputException.in(
            folder,
            "holds files, but none of a training; checkpoints go there, so name the model otherwise");
      }
    }
    Files.writeString(mark, "training\n");
  }

  private static void deleteAllBut(List<String> kept, Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path path : (Iterable<Path>) entries::iterator) {
        if (!kept.contains(path.getFileName().toString())) {
          Replacement.deleteTree(path);
        }
      }
    }
  }

  /** Settings that decide the result, and the content of what is read. */
  private static String configuration(StageType type, Stage stage, String data) {
    return "%s %s of data %s".formatted(type.name(), type.decisive(stage), data);
  }

  Path folder() {
    return folder;
  }

  Workers workers() {
    return workers;
  }

  Console console() {
    return console;
  }

  /** Refuses, where they are out of range, the settings that all training has. */
  static void check(
      double dropout,
      double attentionDropout,
      double weightDecay,
      double clip,
      int checkpointEvery,
      int validateEvery) {
    checkDropout("dropout", dropout);
    checkDropout("attention-dropout", attentionDropout);
    new TrainerSettings(weightDecay, clip, checkpointEvery, validateEvery, "");
  }

  private static void checkDropout(String name, double probability) {
    if (!(probability >= 0 && probability < 1)) {
      throw new InputException(
          "%s is %s; expected 0 or more, below 1".formatted(name, probability));
    }
  }

  /** Trainer settings whose configuration is the stage itself and the content of what it reads. */
  TrainerSettings settings(
      double weightDecay, double clip, int checkpointEvery, int validateEvery) {
    return new TrainerSettings(
        weightDecay, clip, checkpointEvery, validateEvery, configuration(type, stage, data));
  }

  /** What the model's {@code provenance.json} says: settings, and the fingerprint of all inputs. */
  String provenance() {
    ObjectNode json = JSON.createObjectNode();
    json.put("stage", type.name());
    ObjectNode settings = json.putObject("settings");
    type.decisive(stage).forEach(settings::put);
    json.put("data", data);
    return json.toPrettyString() + "\n";
  }

  void train(Task task, TrainerSettings settings, @Nullable Validation validation) {
    console.say(
        "%s%s; graphs of at most %,d tokens at once"
            .formatted(
                workers.count() == 1 ? "" : workers.count() + " workers, this one with ",
                Machine.describe(),
                task.chunkTokens()));
    if (validation != null && settings.validateEvery() == 0) {
      console.say("dev queries are given, but validate-every is 0: the last step's model is kept");
    }
    try (Console.Progress progress = console.progress("train", task.steps(), "steps")) {
      Trainer trainer = new Trainer(task, settings, folder, validation);
      Trainer.Outcome outcome =
          trainer.train(
              new Trainer.Listener() {
                @Override
                public void resumed(long steps) {
                  progress.resumed(steps);
                }

                @Override
                public void stepped(long steps, Map<String, Double> numbers) {
                  progress.at(steps);
                  progress.note(note(numbers));
                }
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
}
