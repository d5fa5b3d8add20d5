package io.condenser.cli.recipe;

import io.condenser.cli.recipe.Recipe.Step;
import io.condenser.storage.Replacement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/** What ran, with which settings, on what, how long, and what it measured: {@code run.json}. */
public final class RunRecord {
  static final String FILE = "run.json";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path file;
  private final Map<String, Object> content = new LinkedHashMap<>();
  private final List<StepRecord> steps = new ArrayList<>();
  private final List<MeasureRecord> measures = new ArrayList<>();

  /** A step as it ran, or was kept from an earlier run. */
  public record StepRecord(
      String name,
      String stage,
      Map<String, String> settings,
      String fingerprint,
      boolean kept,
      String finished,
      double seconds,
      String results) {

    /** Of a step that is done. */
    public static StepRecord of(Step step, Ledger.Done done, boolean kept) {
      return new StepRecord(
          step.name(),
          step.type().name(),
          step.type().written(step.stage()),
          done.fingerprint(),
          kept,
          done.finished(),
          done.seconds(),
          done.results());
    }
  }

  /** A measure held against what was expected. */
  record MeasureRecord(
      String run, String measure, double expected, double measured, double tolerance) {
    boolean holds() {
      return Math.abs(measured - expected) <= tolerance;
    }
  }

  /** The record of a run that begins now. */
  public RunRecord(Recipe recipe, List<String> command) {
    file = recipe.work().resolve(FILE);
    content.put("name", recipe.name());
    content.put("recipe", recipe.file().toString());
    content.put("command", command);
    content.put("variables", recipe.variables());
    content.put("started", StepRunner.now());
    content.put("finished", "");
    content.put("commit", commit());
    content.put("java", Runtime.version().toString());
    content.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    content.put("processors", Runtime.getRuntime().availableProcessors());
    content.put("stages", steps);
    content.put("measures", measures);
    content.put("text", recipe.text());
  }

  /** The commit of the sources that run, with a + where they were changed since; else empty. */
  private static String commit() {
    String home = System.getProperty("condenser.home");
    if (home == null) {
      return "";
    }
    try {
      Process git =
          new ProcessBuilder(
                  "git",
                  "-C",
                  home,
                  "describe",
                  "--always",
                  "--abbrev=40",
                  "--dirty=+",
                  "--exclude=*")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return git.waitFor(10, TimeUnit.SECONDS) && git.exitValue() == 0 ? said : "";
    } catch (IOException e) {
      return ""; // no git here; the record is good without it
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  /** Adds a step. */
  public void add(StepRecord step) {
    steps.add(step);
  }

  void add(MeasureRecord measure) {
    measures.add(measure);
  }

  List<MeasureRecord> measures() {
    return List.copyOf(measures);
  }

  /** Writes it with the time of its end. */
  public void finish() {
    content.put("finished", StepRunner.now());
    write();
  }

  void write() {
    Replacement.file(
        file, aside -> JSON.writerWithDefaultPrettyPrinter().writeValue(aside, content));
  }
}
