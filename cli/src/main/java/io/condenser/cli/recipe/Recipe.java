package io.condenser.cli.recipe;

import io.condenser.cli.Stage;
import io.condenser.cli.StageType;
import io.condenser.cli.plan.Size;
import io.condenser.evaluation.Measure;
import io.condenser.storage.InputException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A recipe that was read and found sound: every stage is made, nothing has run.
 *
 * @param file where it was read
 * @param text the file's content
 * @param name for people
 * @param description for people
 * @param variables their values
 * @param steps in the order in which they run
 * @param expectations measures to be checked at the end
 * @param sizes of what is not there before the run, for a plan
 */
public record Recipe(
    Path file,
    String text,
    String name,
    String description,
    Map<String, String> variables,
    List<Step> steps,
    List<Expectation> expectations,
    Map<Path, Size> sizes) {

  /** The variable that names the folder for outputs, where the state of the run is kept, too. */
  public static final String WORK = "work";

  public Recipe {
    variables = new LinkedHashMap<>(variables);
    steps = List.copyOf(steps);
    expectations = List.copyOf(expectations);
    sizes = Map.copyOf(sizes);
    refuseSharedOutputs(file, steps);
    refuseOverwrittenInputs(file, steps);
  }

  /**
   * A stage with its place in the recipe.
   *
   * @param name unique in the recipe
   * @param line where it stands in the file
   * @param type its kind
   * @param stage ready to run
   */
  public record Step(String name, int line, StageType type, Stage stage) {}

  /**
   * What a run must measure.
   *
   * @param run a ranking that a step writes
   * @param qrels the judgments to hold it against
   * @param values the mean of each measure
   * @param tolerance the largest difference that is not a failure
   */
  public record Expectation(Path run, Path qrels, Map<Measure, Double> values, double tolerance) {
    public Expectation {
      values = new LinkedHashMap<>(values);
    }
  }

  /** The folder for outputs. */
  public Path work() {
    return Path.of(variables.getOrDefault(WORK, ""));
  }

  /** Two authors of one folder would undo each other's work at every run. */
  private static void refuseSharedOutputs(Path file, List<Step> steps) {
    Map<Path, Step> authors = new LinkedHashMap<>();
    for (Step step : steps) {
      for (Path output : step.stage().outputs()) {
        Path path = output.toAbsolutePath().normalize();
        authors.forEach((other, author) -> {
          if (!author.equals(step) && (path.startsWith(other) || other.startsWith(path))) {
            throw InputException.at(
                file,
                step.line(),
                "%s and %s (line %d) both write %s; give each its own path"
                    .formatted(step.name(), author.name(), author.line(), output));
          }
        });
        authors.put(path, step);
      }
    }
  }

  /** What a recipe reads and no step of it wrote is the user's own. */
  private static void refuseOverwrittenInputs(Path file, List<Step> steps) {
    Set<Path> written = new LinkedHashSet<>();
    Map<Path, Step> given = new LinkedHashMap<>();
    for (Step step : steps) {
      for (Path input : step.stage().inputs()) {
        Path path = input.toAbsolutePath().normalize();
        if (written.stream().noneMatch(w -> path.startsWith(w) || w.startsWith(path))) {
          given.putIfAbsent(path, step);
        }
      }
      for (Path output : step.stage().outputs()) {
        Path path = output.toAbsolutePath().normalize();
        given.forEach((input, reader) -> {
          if (input.startsWith(path)) {
            throw InputException.at(
                file,
                step.line(),
                "%s would replace %s, which %s (line %d) reads; write to another folder"
                    .formatted(step.name(), input, reader.name(), reader.line()));
          }
        });
        written.add(path);
      }
    }
  }
}
