package io.condenser.benchmarks;

import io.condenser.model.Precision;
import java.util.List;
import java.util.Locale;

/**
 * What a benchmark measured.
 *
 * @param what and in which way, e.g. {@code pretrain 6x384 bf16}
 * @param rows texts in a repetition
 * @param tokens of these texts, padding not counted
 * @param seconds of each repetition
 * @param operations in a repetition's matrix products, padding not counted; 0 if it has none
 * @param peak operations a second in large matrix products, measured in this run; 0 if not asked
 *     for
 * @param memory peak resident bytes of the process; 0 if it was not measured
 * @param ndcg nDCG@10 of a search with the vectors; NaN where there was none
 */
public record Measured(
    String what,
    int rows,
    long tokens,
    List<Double> seconds,
    double operations,
    double peak,
    long memory,
    double ndcg) {

  /** What is only timed. */
  Measured(
      String what,
      int rows,
      long tokens,
      List<Double> seconds,
      double operations,
      double peak,
      long memory) {
    this(what, rows, tokens, seconds, operations, peak, memory, Double.NaN);
  }

  /** How a precision is written. */
  static String name(Precision precision) {
    return precision.name().toLowerCase(Locale.ROOT);
  }

  /** The median repetition. */
  public double median() {
    List<Double> sorted = seconds.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  public double rowsPerSecond() {
    return rows / median();
  }

  public double tokensPerSecond() {
    return tokens / median();
  }

  /** What the products achieve over the peak; 0 where there are none. */
  public double shareOfPeak() {
    return peak == 0 ? 0 : operations / median() / peak;
  }
}
