package io.condenser.cli.ablation;

import io.condenser.cli.ablation.Plan.Goal;
import io.condenser.evaluation.Evaluation;
import io.condenser.evaluation.Measure;
import io.condenser.evaluation.Qrels;
import io.condenser.evaluation.Run;
import io.condenser.storage.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A cell and what its trials came to.
 *
 * @param trials how many are done
 * @param observations one for each seed that gave a ranking of its own, at least one: a cell that
 *     no seed changes has but one
 */
public record Measured(Cell cell, int trials, List<Observation> observations) {
  public Measured {
    observations = List.copyOf(observations);
  }

  /**
   * One trial's ranking, measured.
   *
   * @param goal the trial and its files
   * @param trainingQueries queries with a relevant passage in the training judgments; -1 if those
   *     are not known
   */
  record Observation(Goal goal, Evaluation evaluation, int trainingQueries) {
    static Observation of(Goal goal, List<Measure> measures) {
      Path file = goal.wanted().run();
      Path qrels = goal.wanted().qrels();
      Evaluation evaluation;
      try {
        evaluation = Evaluation.of(Qrels.read(qrels), Run.read(file), measures);
      } catch (InputException e) {
        throw new InputException("%s with %s: %s".formatted(file, qrels, e.getMessage()), e);
      }
      return new Observation(goal, evaluation, trainingQueries(goal));
    }

    private static int trainingQueries(Goal goal) {
      Path file = goal.wanted().trainingQrels();
      if (file == null) {
        return -1;
      }
      Qrels training = Qrels.read(file);
      return Math.toIntExact(training.queries().stream().filter(training::hasRelevant).count());
    }
  }

  /** The mean over queries and seeds. */
  double mean(Measure measure) {
    return means(measure).stream().mapToDouble(d -> d).average().orElseThrow();
  }

  /** The mean over queries, for each seed. */
  List<Double> means(Measure measure) {
    return observations.stream().map(o -> o.evaluation().mean(measure)).toList();
  }

  /** The standard deviation of a sample over seeds (n − 1); NaN if there is but one. */
  double deviation(Measure measure) {
    List<Double> means = means(measure);
    double mean = mean(measure);
    double squares = means.stream().mapToDouble(m -> (m - mean) * (m - mean)).sum();
    return means.size() < 2 ? Double.NaN : Math.sqrt(squares / (means.size() - 1));
  }

  /** The measure of every query, in the mean over seeds: [Q]. */
  double[] values(Measure measure) {
    double[] sum = new double[queries().size()];
    for (Observation observation : observations) {
      double[] values = observation.evaluation().values(measure);
      Arrays.setAll(sum, i -> sum[i] + values[i] / observations.size());
    }
    return sum;
  }

  /** The judged queries. */
  List<String> queries() {
    return observations.getFirst().evaluation().queries();
  }

  /** Queries learnt from, rounded to the mean over seeds; -1 if not known. */
  int trainingQueries() {
    return (int)
        Math.round(
            observations.stream().mapToInt(Observation::trainingQueries).average().orElse(-1));
  }

  /** A query's mean over the seeds is one over the same query. */
  private static void refuseOtherQueries(
      Cell cell, List<Observation> before, Observation observation) {
    if (!before.isEmpty()
        && !before.getFirst().evaluation().queries().equals(observation.evaluation().queries())) {
      throw new InputException(
          "%s is measured over the queries of %s and of %s; expected the same queries with all seeds"
              .formatted(
                  cell.name(),
                  before.getFirst().goal().wanted().qrels(),
                  observation.goal().wanted().qrels()));
    }
  }

  /** Measures the trials of one cell that are done; empty if there are none. */
  static List<Measured> of(Cell cell, List<Goal> goals, List<Measure> measures) {
    List<Observation> observations = new ArrayList<>();
    Set<List<Path>> seen = new HashSet<>();
    for (Goal goal : goals) {
      if (seen.add(List.of(goal.wanted().run(), goal.wanted().qrels()))) {
        Observation observation = Observation.of(goal, measures);
        refuseOtherQueries(cell, observations, observation);
        observations.add(observation);
      }
    }
    return observations.isEmpty()
        ? List.of()
        : List.of(new Measured(cell, goals.size(), observations));
  }
}
