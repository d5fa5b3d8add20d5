package io.condenser.training;

import java.util.Arrays;

/**
 * Losses of a cross-encoder's logits, with their gradients in closed form. B rows, each a query
 * with a candidate; Q queries.
 */
public enum RerankingLoss {
  /** Binary cross-entropy of each row by itself, the mean over rows (RocketQA §4.2). */
  POINTWISE {
    @Override
    Result of(double[] logits, boolean[] relevant, int[] queries) {
      double loss = 0;
      double[] gradient = new double[logits.length];
      for (int row = 0; row < logits.length; row++) {
        double wrong = relevant[row] ? -logits[row] : logits[row];
        loss += Math.max(wrong, 0) + Math.log1p(Math.exp(-Math.abs(wrong))); // log(1 + e^wrong)
        double probability = 1 / (1 + Math.exp(-logits[row]));
        gradient[row] = (probability - (relevant[row] ? 1 : 0)) / logits.length;
      }
      return new Result(loss / logits.length, gradient);
    }
  },

  /**
   * Negative log-likelihood of each relevant row in the softmax over its query's rows, the mean
   * over relevant rows.
   */
  LISTWISE {
    @Override
    Result of(double[] logits, boolean[] relevant, int[] queries) {
      double[] normalizers = normalizers(logits, queries); // [Q]
      int[] targets = new int[normalizers.length]; // [Q] relevant rows of each query
      double loss = 0;
      int all = 0;
      for (int row = 0; row < logits.length; row++) {
        if (relevant[row]) {
          targets[queries[row]]++;
          loss += normalizers[queries[row]] - logits[row];
          all++;
        }
      }
      double[] gradient = new double[logits.length];
      for (int row = 0; row < logits.length; row++) {
        double share = Math.exp(logits[row] - normalizers[queries[row]]);
        gradient[row] = (targets[queries[row]] * share - (relevant[row] ? 1 : 0)) / all;
      }
      return new Result(loss / all, gradient);
    }
  };

  /**
   * A loss.
   *
   * @param loss the mean
   * @param gradient {@code [B]} of the loss with respect to the logits
   */
  record Result(double loss, double[] gradient) {}

  /**
   * The loss of some rows.
   *
   * @param logits {@code [B]}
   * @param relevant {@code [B]} whether the candidate is the query's positive
   * @param queries {@code [B]} which query a row is of, numbered from 0
   */
  abstract Result of(double[] logits, boolean[] relevant, int[] queries);

  /** Whether a row's loss depends on its own logit alone. */
  public boolean byRow() {
    return this == POINTWISE;
  }

  /** {@code [Q]}: the logarithm of the sum of e^logit over each query's rows. */
  private static double[] normalizers(double[] logits, int[] queries) {
    int count = 1 + Arrays.stream(queries).max().orElse(-1);
    double[] greatest = new double[count];
    Arrays.fill(greatest, Double.NEGATIVE_INFINITY);
    for (int row = 0; row < logits.length; row++) {
      greatest[queries[row]] = Math.max(greatest[queries[row]], logits[row]);
    }
    double[] sums = new double[count];
    for (int row = 0; row < logits.length; row++) {
      sums[queries[row]] += Math.exp(logits[row] - greatest[queries[row]]);
    }
    Arrays.setAll(sums, query -> greatest[query] + Math.log(sums[query]));
    return sums;
  }
}
