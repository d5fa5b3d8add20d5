package io.condenser.evaluation;

import io.condenser.storage.InputException;
import java.util.Arrays;

/**
 * One measure of a system against that of a baseline, over the same queries.
 *
 * @param measure what is compared
 * @param baseline mean of the baseline
 * @param system mean of the system
 * @param interval of the mean difference, system − baseline, see {@link Significance#meanInterval}
 * @param pairedT p value of the paired t test
 * @param randomisation p value of the randomisation test
 */
public record Comparison(
    Measure measure,
    double baseline,
    double system,
    Significance.Interval interval,
    double pairedT,
    double randomisation) {

  /**
   * How to test.
   *
   * @param confidence of the interval, between 0 and 1, exclusive
   * @param samples random sign patterns of the randomisation test, 1 or more
   * @param seed of those patterns
   */
  public record Tests(double confidence, int samples, long seed) {
    /** 95 % confidence, 10,000 patterns, seed 0. */
    public static final Tests USUAL = new Tests(0.95, 10_000, 0);

    public Tests {
      if (!(confidence > 0 && confidence < 1)) {
        throw new InputException(
            "confidence %s; expected above 0 and below 1, for example 0.95".formatted(confidence));
      }
      if (samples < 1) {
        throw new InputException("samples %d; expected 1 or more".formatted(samples));
      }
    }
  }

  /**
   * Compares two evaluations by one measure.
   *
   * @throws InputException if there is only one judged query, which no test can use
   * @throws IllegalArgumentException if they are not over the same queries, or one lacks the
   *     measure
   */
  public static Comparison of(
      Evaluation baseline, Evaluation system, Measure measure, Tests tests) {
    if (!baseline.queries().equals(system.queries())) {
      throw new IllegalArgumentException("the evaluations are over different queries");
    }
    return of(measure, baseline.values(measure), system.values(measure), tests);
  }

  /**
   * Compares two systems by a measure of every query, such as the mean over several runs of each.
   *
   * @param baseline [Q]
   * @param system [Q], in the same order of queries
   * @throws InputException if there is only one query, which no test can use
   */
  public static Comparison of(Measure measure, double[] baseline, double[] system, Tests tests) {
    if (baseline.length != system.length) {
      throw new IllegalArgumentException(
          "%d and %d queries; expected the same".formatted(baseline.length, system.length));
    }
    double[] differences = new double[system.length];
    Arrays.setAll(differences, i -> system[i] - baseline[i]);
    if (differences.length < 2) {
      throw new InputException(
          "only 1 query is judged; a comparison needs 2 or more to tell a difference from chance");
    }
    return new Comparison(
        measure,
        mean(baseline),
        mean(system),
        Significance.meanInterval(differences, tests.confidence()),
        Significance.pairedT(differences),
        Significance.randomisation(differences, tests.samples(), tests.seed()));
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).sum() / values.length;
  }

  /** Mean of the system less that of the baseline. */
  public double difference() {
    return system - baseline;
  }
}
