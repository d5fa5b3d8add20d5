package io.condenser.evaluation;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.TDistribution;
import org.apache.commons.statistics.inference.TTest;

/**
 * Whether two systems differ by more than the choice of queries explains. All tests are paired and
 * two-sided, on the differences d of one measure over the same n ≥ 2 queries. Which tests suit
 * retrieval: Smucker, Allan & Carterette 2007, "A comparison of statistical significance tests for
 * information retrieval evaluation", sections 3.1 and 3.5.
 */
public final class Significance {
  private Significance() {}

  /** A range of values, bounds included. */
  public record Interval(double low, double high) {}

  /**
   * Student's paired t test: the probability of a mean difference at least this far from 0 if the
   * true one is 0. Where all differences are equal it is 1 if they are 0, else 0.
   */
  public static double pairedT(double[] differences) {
    check(differences);
    double first = differences[0];
    if (Arrays.stream(differences).allMatch(d -> d == first)) {
      return first == 0 ? 1 : 0;
    }
    return TTest.withDefaults().test(differences).getPValue();
  }

  /**
   * The interval that holds the true mean difference with the given confidence, by Student's t with
   * n − 1 degrees of freedom: it excludes 0 exactly where {@link #pairedT} is below 1 − confidence.
   *
   * @param confidence between 0 and 1, exclusive; usually 0.95
   */
  public static Interval meanInterval(double[] differences, double confidence) {
    check(differences);
    if (!(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException(
          "confidence %s; expected between 0 and 1".formatted(confidence));
    }
    int n = differences.length;
    double mean = Arrays.stream(differences).sum() / n;
    double squares = Arrays.stream(differences).map(d -> (d - mean) * (d - mean)).sum();
    double standardError = Math.sqrt(squares / (n - 1) / n);
    double t = TDistribution.of(n - 1).inverseSurvivalProbability((1 - confidence) / 2);
    return new Interval(mean - t * standardError, mean + t * standardError);
  }

  /**
   * Fisher's randomisation test: were the systems the same, each difference could as well have the
   * other sign. The result is the share of sign patterns whose mean is at least as far from 0 as
   * the one seen: of all 2^m patterns of the m differences that are not 0 where those are at most
   * {@code samples}, else of {@code samples} random ones and the one seen, so that it is never 0.
   *
   * @param samples random patterns, 1 or more; the smallest result is 1 / (samples + 1)
   * @param seed the same seed gives the same result
   */
  public static double randomisation(double[] differences, int samples, long seed) {
    check(differences);
    if (samples < 1) {
      throw new IllegalArgumentException("samples %d; expected 1 or more".formatted(samples));
    }
    double[] d = Arrays.stream(differences).filter(x -> x != 0).toArray();
    double seen = Math.abs(Arrays.stream(d).sum());
    // Sums that are equal on paper differ in their last bits by the order of signs.
    double atLeast = seen - 1e-12 * Arrays.stream(d).map(Math::abs).sum();
    if (d.length < Integer.SIZE - 1 && 1 << d.length <= samples) {
      int patterns = 1 << d.length;
      int far = 0;
      for (int signs = 0; signs < patterns; signs++) {
        far += Math.abs(signedSum(d, signs)) >= atLeast ? 1 : 0;
      }
      return (double) far / patterns;
    }
    SplittableRandom random = new SplittableRandom(seed);
    int far = 1; // the pattern seen
    for (int i = 0; i < samples; i++) {
      far += Math.abs(randomlySignedSum(d, random)) >= atLeast ? 1 : 0;
    }
    return far / (samples + 1.0);
  }

  private static double signedSum(double[] d, int signs) {
    double sum = 0;
    for (int i = 0; i < d.length; i++) {
      sum += (signs >>> i & 1) == 0 ? d[i] : -d[i];
    }
    return sum;
  }

  private static double randomlySignedSum(double[] d, SplittableRandom random) {
    double sum = 0;
    long signs = 0;
    for (int i = 0; i < d.length; i++) {
      signs = i % Long.SIZE == 0 ? random.nextLong() : signs >>> 1;
      sum += (signs & 1) == 0 ? d[i] : -d[i];
    }
    return sum;
  }

  /**
   * Holm's correction (1979) for making several comparisons at once: p values, in the order given,
   * of which those below α may be believed together with an error of at most α.
   */
  public static double[] holm(double[] p) {
    int[] smallestFirst =
        IntStream.range(0, p.length)
            .boxed()
            .sorted((a, b) -> Double.compare(p[a], p[b]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] corrected = new double[p.length];
    double largest = 0;
    for (int i = 0; i < p.length; i++) {
      largest = Math.max(largest, Math.min(1, (p.length - i) * p[smallestFirst[i]]));
      corrected[smallestFirst[i]] = largest;
    }
    return corrected;
  }

  private static void check(double[] differences) {
    if (differences.length < 2) {
      throw new IllegalArgumentException(
          "%d differences; a test needs 2 queries or more".formatted(differences.length));
    }
  }
}
