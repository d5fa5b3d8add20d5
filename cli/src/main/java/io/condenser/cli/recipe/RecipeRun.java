package io.condenser.cli.recipe;

import io.condenser.cli.Console;
import io.condenser.cli.Elapsed;
import io.condenser.cli.Nearest;
import io.condenser.cli.recipe.Recipe.Step;
import io.condenser.storage.InputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs a recipe: done steps are kept, a killed run goes on. What ran, how long it took and what it
 * measured is written to {@code WORK/run.json} after every step.
 */
public final class RecipeRun {
  private static final String KEPT = "kept";

  private final Recipe recipe;
  private final Ledger ledger;
  private final Console console;

  /** A run of a recipe; nothing is done yet. */
  public RecipeRun(Recipe recipe, Console console) {
    this.recipe = recipe;
    this.ledger = new Ledger(recipe.work());
    this.console = console;
  }

  /**
   * Says what {@link #run} would do and about what it would take, as a result; measures the machine
   * for a few seconds, writes nothing.
   */
  public void plan(@Nullable String from) throws IOException {
    int forced = indexOf(from);
    Set<Path> renewed = new HashSet<>();
    List<Step> steps = recipe.steps();
    List<String> fates = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      boolean reads = step.stage().inputs().stream().anyMatch(input -> under(input, renewed));
      boolean runs = i >= forced || reads || ledger.done(step, ledger.fingerprint(step)).isEmpty();
      if (runs) {
        step.stage().outputs().forEach(output -> renewed.add(output.toAbsolutePath().normalize()));
      }
      fates.add(!runs ? KEPT : reads && i < forced ? "runs, if what it reads changes" : "runs");
    }
    WorkPlan plan = new WorkPlan(recipe.work(), recipe.sizes());
    for (int i = 0; i < steps.size(); i++) {
      String title = place(i) + " " + named(steps.get(i));
      plan.add(title, steps.get(i).stage(), fates.get(i), !fates.get(i).equals(KEPT));
    }
    plan.show(console);
  }

  private static boolean under(Path input, Set<Path> folders) {
    Path path = input.toAbsolutePath().normalize();
    return folders.stream().anyMatch(folder -> path.startsWith(folder) || folder.startsWith(path));
  }

  /**
   * Runs every step that is not done, then checks the expectations.
   *
   * @param from the step from which on all run again, or null
   * @param command what the user typed, for the record
   * @throws InputException if a step refuses its input, or a measure differs from what is expected
   */
  public void run(@Nullable String from, List<String> command) throws IOException {
    int forced = indexOf(from);
    try (StepRunner runner = StepRunner.open(recipe.work(), recipe.file(), ledger, console)) {
      for (Step step :
          recipe.steps().subList(Math.min(forced, recipe.steps().size()), recipe.steps().size())) {
        ledger.forget(step);
      }
      RunRecord record = new RunRecord(recipe, command);
      for (int i = 0; i < recipe.steps().size(); i++) {
        record.add(step(i, runner));
        record.write();
      }
      Expectations.check(recipe.expectations(), console, record);
      record.finish();
    }
  }

  private int indexOf(@Nullable String from) {
    if (from == null) {
      return Integer.MAX_VALUE;
    }
    List<String> names = recipe.steps().stream().map(Step::name).toList();
    int index = names.indexOf(from);
    if (index < 0) {
      throw new InputException(
          "--from %s: %s has no stage '%s'%s"
              .formatted(from, recipe.file(), from, Nearest.hint(from, names)));
    }
    return index;
  }

  private RunRecord.StepRecord step(int index, StepRunner runner) throws IOException {
    Step step = recipe.steps().get(index);
    String title = place(index) + " " + named(step);
    String fingerprint = ledger.fingerprint(step);
    Ledger.Done done = ledger.done(step, fingerprint).orElse(null);
    if (done != null) {
      console.say(
          "%s: kept, done %s in %s".formatted(title, done.finished(), Elapsed.of(done.seconds())));
      return RunRecord.StepRecord.of(step, done, true);
    }
    return runner.run(step, fingerprint, title);
  }

  private String place(int index) {
    return "[%d/%d]".formatted(index + 1, recipe.steps().size());
  }

  private static String named(Step step) {
    String kind = step.type().name();
    return step.name().equals(kind) ? kind : step.name() + " (" + kind + ")";
  }
}
