package io.condenser.cli.recipe;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import io.condenser.cli.recipe.Recipe.Step;
import io.condenser.storage.Fingerprint;
import io.condenser.storage.Replacement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Which steps are done, in {@code WORK/.stages/}: a file for each, written when the step is
 * finished and taken away before it runs again, so that a killed run never leaves a step that looks
 * done.
 */
public final class Ledger {
  static final String FOLDER = ".stages";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path work;
  private final Path folder;
  private final FileFingerprints files;

  /**
   * A finished step.
   *
   * @param fingerprint of its kind, settings and the content of its inputs
   * @param finished when, ISO 8601
   * @param seconds how long it took
   * @param outputs what it wrote
   * @param results what it printed
   */
  public record Done(
      String fingerprint,
      String finished,
      double seconds,
      List<String> outputs,
      @JsonSetter(nulls = Nulls.AS_EMPTY) String results) {}

  /** The ledger of a work folder. */
  public Ledger(Path work) {
    this.work = work.toAbsolutePath().normalize();
    this.folder = work.resolve(FOLDER);
    this.files = new FileFingerprints(folder.resolve("files"));
  }

  /** Kind, settings and the content of the inputs as they are now. */
  String fingerprint(Step step) {
    Fingerprint fingerprint = new Fingerprint().add("stage", step.type().name());
    for (Map.Entry<String, String> setting : step.type().decisive(step.stage()).entrySet()) {
      fingerprint.add(setting.getKey(), setting.getValue());
    }
    for (Path input : step.stage().inputs()) {
      fingerprint.add(input.toString(), files.of(input));
    }
    return fingerprint.hex();
  }

  /** The content of a file or folder as it is now, as a fingerprint. */
  public String content(Path path) {
    return files.of(path);
  }

  /** The step's record, if it finished with this fingerprint and its outputs are still there. */
  public Optional<Done> done(Step step, String fingerprint) {
    return recorded(step)
        .filter(done -> done.fingerprint().equals(fingerprint))
        .filter(done -> !step.stage().outputs().isEmpty())
        .filter(done -> step.stage().outputs().stream().allMatch(Files::exists));
  }

  /** The step's record, if it ever finished, whatever became of its outputs. */
  public Optional<Done> recorded(Step step) {
    Path file = file(step);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(file, Done.class));
    } catch (JacksonException e) {
      return Optional.empty(); // a damaged record is none: the step runs again
    }
  }

  /** The step is about to run: it is not done until it says so again. */
  void begin(Step step) {
    try {
      Files.deleteIfExists(file(step));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + file(step) + ": " + e.getMessage(), e);
    }
  }

  /**
   * Forgets a step and deletes what it wrote into the work folder, checkpoints of an unfinished run
   * included, so that nothing of it is taken up again. Outputs that it never finished are not its
   * own.
   */
  void forget(Step step) {
    List<String> own = recorded(step).map(Done::outputs).orElse(List.of());
    begin(step);
    Stream<Path> outputs =
        step.stage().outputs().stream().filter(output -> own.contains(output.toString()));
    Stream.concat(outputs, step.stage().unfinished().stream())
        .filter(path -> path.toAbsolutePath().normalize().startsWith(work))
        .forEach(Replacement::discard);
  }

  /** The step is finished. */
  void finish(Step step, Done done) {
    Replacement.file(file(step), aside -> JSON.writeValue(aside, done));
    files.remember();
  }

  private Path file(Step step) {
    return folder.resolve(step.name() + ".json");
  }
}
