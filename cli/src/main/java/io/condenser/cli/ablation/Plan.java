package io.condenser.cli.ablation;

import io.condenser.cli.ablation.Trial.Wanted;
import io.condenser.cli.recipe.Ledger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What all trials need, equal work once.
 *
 * @param steps each before those that need it
 */
record Plan(List<Goal> goals, List<SharedStep> steps) {
  Plan {
    goals = List.copyOf(goals);
    steps = List.copyOf(steps);
  }

  /**
   * A trial with its paths as they will be.
   *
   * @param wanted where its files will be
   * @param authors the steps that write them; none is deleted
   */
  record Goal(Trial trial, Wanted wanted, Set<SharedStep> authors) {
    Goal {
      authors = new LinkedHashSet<>(authors);
    }

    /** The steps that must run, or that what must run will read. */
    Set<SharedStep> open(Predicate<SharedStep> done) {
      Set<SharedStep> open = new LinkedHashSet<>();
      authors.stream().filter(done.negate()).forEach(author -> collect(author, done, open));
      return open;
    }

    private static void collect(SharedStep step, Predicate<SharedStep> done, Set<SharedStep> open) {
      if (open.add(step) && !done.test(step)) {
        step.needs().forEach(need -> collect(need, done, open));
      }
    }

    /** All steps behind its files. */
    Set<SharedStep> steps() {
      return open(_ -> false);
    }
  }

  /** Plans all trials; reads the files that they read from elsewhere, for their fingerprints. */
  static Plan of(Ablation ablation, Ledger ledger) {
    Sharing sharing = new Sharing(ablation.work(), ledger);
    List<Goal> goals = new ArrayList<>();
    for (Trial trial : ablation.trials()) {
      Sharing.Moved moved = sharing.move(trial.recipe());
      Set<SharedStep> authors = new LinkedHashSet<>();
      for (Path path : trial.wanted().all()) {
        SharedStep author = moved.place(path).author();
        if (author != null) {
          authors.add(author);
        }
      }
      goals.add(new Goal(trial, trial.wanted().moved(p -> moved.place(p).path()), authors));
    }
    return new Plan(goals, sharing.steps());
  }
}
