package io.condenser.cli.ablation;

import io.condenser.cli.Console;
import io.condenser.cli.ablation.Ablation.Keep;
import io.condenser.cli.ablation.Plan.Goal;
import io.condenser.cli.plan.Size;
import io.condenser.cli.recipe.Ledger;
import io.condenser.cli.recipe.Recipe;
import io.condenser.cli.recipe.RunRecord;
import io.condenser.cli.recipe.StepRunner;
import io.condenser.cli.recipe.WorkPlan;
import io.condenser.storage.InputException;
import io.condenser.storage.Replacement;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Runs an ablation: every trial's steps, each once; done ones are kept, a killed run goes on. A
 * step that fails is reported, and the trials that do not need it go on.
 */
public final class AblationRun {
  private final Ablation ablation;
  private final Console console;
  private final Ledger ledger;
  private final Plan plan;
  private final List<Goal> goals;
  private final Set<SharedStep> done = new HashSet<>();
  private final Map<SharedStep, String> failed = new LinkedHashMap<>();

  /**
   * A run of an ablation; reads the trials' inputs, and what is done already.
   *
   * @param part what is to run of it; what the others need is kept for them
   */
  public AblationRun(Ablation ablation, Part part, Console console) {
    this.ablation = ablation;
    this.console = console;
    ledger = new Ledger(ablation.work());
    plan = Plan.of(ablation, ledger);
    goals = plan.goals().stream().filter(goal -> part.holds(goal.trial())).toList();
    plan.steps().stream()
        .filter(step -> ledger.done(step.step(), step.key()).isPresent())
        .forEach(done::add);
  }

  /**
   * Says what {@link #run} would do and about what it would take, as a result; measures the machine
   * for a few seconds, writes nothing.
   */
  public void plan() throws IOException {
    workPlan().show(console);
    Map<String, Integer> kinds = new TreeMap<>();
    open().forEach(step -> kinds.merge(step.step().type().name(), 1, Integer::sum));
    List<String> counts = new ArrayList<>();
    kinds.forEach((kind, count) -> counts.add(count + " × " + kind));
    console.result(
        "%d trials, %d steps; to run: %s"
            .formatted(
                goals.size(),
                steps().size(),
                counts.isEmpty() ? "none" : String.join(", ", counts)));
  }

  /** What {@link #run} would do, step by step. */
  public WorkPlan workPlan() {
    Map<Path, Size> declared = new HashMap<>();
    plan.steps().forEach(step -> declared.putAll(step.declared()));
    WorkPlan works = new WorkPlan(ablation.work(), declared);
    Set<SharedStep> open = open();
    for (SharedStep step : steps()) {
      long trials = goals.stream().filter(goal -> goal.steps().contains(step)).count();
      String title =
          "%s (%s) for %d %s"
              .formatted(step.title(), step.name(), trials, trials == 1 ? "trial" : "trials");
      boolean runs = open.contains(step);
      works.add(title, step.step().stage(), runs ? "runs" : "kept", runs);
    }
    return works;
  }

  /** The steps behind the results of this part, in their order. */
  private List<SharedStep> steps() {
    Set<SharedStep> behind = new HashSet<>();
    goals.forEach(goal -> behind.addAll(goal.steps()));
    return plan.steps().stream().filter(behind::contains).toList();
  }

  /** Those of them that are not done and that some result needs. */
  private Set<SharedStep> open() {
    Set<SharedStep> open = new HashSet<>();
    goals.forEach(goal -> open.addAll(goal.open(done::contains)));
    open.removeAll(done);
    return open;
  }

  /**
   * Runs every step that is not done and that some result needs, then writes the results.
   *
   * @param command what the user typed, for the record
   * @throws InputException at the end, if a step failed
   */
  public void run(List<String> command) throws IOException {
    Path stages = ablation.trials().getFirst().recipe().file(); // whose lines the steps know
    try (StepRunner runner = StepRunner.open(ablation.work(), stages, ledger, console)) {
      RunRecord record = record(command);
      int number = 0;
      for (Goal goal : goals) {
        number++;
        String title = "[%d/%d] %s".formatted(number, goals.size(), goal.trial().name());
        finish(goal, title, runner);
      }
      sweep();
      for (SharedStep step : plan.steps()) {
        ledger
            .recorded(step.step())
            .ifPresent(d -> record.add(RunRecord.StepRecord.of(step.step(), d, true)));
      }
      record.finish();
      report();
    }
    refuseFailures();
  }

  /** Writes the results of the trials that are done. */
  public void report() {
    List<Goal> finished = plan.goals().stream().filter(this::isDone).toList();
    if (finished.isEmpty()) {
      console.say("no trial is done; there are no results yet");
      return;
    }
    Map<String, String> failures = new LinkedHashMap<>();
    failed.forEach((step, reason) -> failures.put(step.name(), reason));
    AblationResults results = AblationResults.of(ablation, finished, failures);
    results.write();
    Predicate<SharedStep> finishedOnce = step -> ledger.recorded(step.step()).isPresent();
    new AblationPage(results, plan, finishedOnce).write();
    console.result(MarkdownTables.of(results));
    console.say(
        "%d of %d trials; wrote %s, %s and %s"
            .formatted(
                finished.size(),
                plan.goals().size(),
                ablation.work().resolve(AblationPage.FILE),
                ablation.work().resolve(AblationResults.JSON_FILE),
                ablation.work().resolve(MarkdownTables.FILE)));
  }

  private RunRecord record(List<String> command) {
    Map<String, String> variables = ablation.trials().getFirst().recipe().variables();
    return new RunRecord(
        new Recipe(
            ablation.file(),
            ablation.text(),
            ablation.name(),
            ablation.description(),
            variables,
            List.of(),
            List.of(),
            Map.of()),
        command);
  }

  private boolean isDone(Goal goal) {
    return done.containsAll(goal.authors());
  }

  private void finish(Goal goal, String title, StepRunner runner) {
    if (isDone(goal)) {
      console.say(title + ": kept");
      return;
    }
    for (SharedStep author : goal.authors()) {
      String reason = make(author, title, runner);
      if (!reason.isEmpty()) {
        console.say(title + ": FAILED, " + reason);
        return;
      }
    }
  }

  /** Makes a step's outputs, and all that it needs; returns why that failed, or an empty text. */
  private String make(SharedStep step, String title, StepRunner runner) {
    if (done.contains(step)) {
      return "";
    }
    String before = failed.get(step);
    if (before != null) {
      return before;
    }
    for (SharedStep need : step.needs()) {
      String reason = make(need, title, runner);
      if (!reason.isEmpty()) {
        return reason;
      }
    }
    try {
      runner.run(
          step.step(), step.key(), "%s: %s (%s)".formatted(title, step.title(), step.name()));
    } catch (InputException | IOException | UncheckedIOException e) {
      return fail(step, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      console.say("internal error, a mistake of ours; please report what follows\n" + trace);
      return fail(step, "%s: internal error: %s".formatted(step.name(), e));
    }
    done.add(step);
    sweep();
    return "";
  }

  private String fail(SharedStep step, String reason) {
    failed.put(step, reason);
    return reason;
  }

  /** Deletes what no unfinished trial reads any more; a failed one counts as unfinished. */
  private void sweep() {
    if (ablation.keep() == Keep.ALL) {
      return;
    }
    Set<SharedStep> needed = new HashSet<>();
    for (Goal goal : plan.goals()) {
      needed.addAll(goal.authors());
      needed.addAll(goal.open(done::contains));
    }
    for (SharedStep step : List.copyOf(done)) {
      if (!needed.contains(step)) {
        step.outputs().forEach(Replacement::discard);
        done.remove(step);
      }
    }
  }

  private void refuseFailures() {
    if (!failed.isEmpty()) {
      long trials = goals.stream().filter(goal -> !isDone(goal)).count();
      throw new InputException(
          "%d of %d trials failed:\n  %s"
              .formatted(trials, goals.size(), String.join("\n  ", failed.values())));
    }
  }
}
