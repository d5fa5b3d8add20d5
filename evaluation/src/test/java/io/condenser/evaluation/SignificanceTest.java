package io.condenser.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.condenser.storage.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SignificanceTest {
  /** Student's own example (1908): hours of sleep gained by ten patients, drug 2 less drug 1. */
  private static final double[] SLEEP = {1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4};

  @Test
  void pairedTIsWhatRSaysOfStudentsExample() {
    assertThat(Significance.pairedT(SLEEP)).isCloseTo(0.002833, within(5e-7));
  }

  @Test
  void intervalIsWhatRSaysOfStudentsExample() {
    Significance.Interval interval = Significance.meanInterval(SLEEP, 0.95);
    assertThat(interval.low()).isCloseTo(0.7001142, within(5e-8));
    assertThat(interval.high()).isCloseTo(2.4598858, within(5e-8));
  }

  @Test
  void randomisationOfFewQueriesIsExact() {
    // Nine gains, no loss: only the two patterns of equal signs, of 2^9, lie as far from 0.
    assertThat(Significance.randomisation(SLEEP, 10_000, 1)).isEqualTo(2.0 / 512);
  }

  @Test
  void randomisationOfManyQueriesIsCloseToTheExactOne() {
    double exact = Significance.randomisation(MIXED, 1 << MIXED.length, 1);
    double sampled = Significance.randomisation(MIXED, 30_000, 1);
    assertThat(exact).isBetween(0.01, 0.99);
    // Five standard deviations of a share of 30,000.
    assertThat(sampled).isCloseTo(exact, within(5 * Math.sqrt(exact * (1 - exact) / 30_000)));
  }

  private static final double[] MIXED = new SplittableRandom(7).doubles(16, -0.4, 0.6).toArray();

  @Test
  void randomisationRepeatsWithItsSeed() {
    double[] many = new SplittableRandom(3).doubles(200, -0.5, 0.55).toArray();
    double first = Significance.randomisation(many, 2_000, 42);
    assertThat(Significance.randomisation(many, 2_000, 42)).isEqualTo(first);
    assertThat(Significance.randomisation(many, 2_000, 43)).isNotEqualTo(first);
  }

  @Test
  void randomisationIsNeverZero() {
    double[] clear = new double[100];
    Arrays.fill(clear, 0.5);
    assertThat(Significance.randomisation(clear, 999, 1)).isEqualTo(0.001);
  }

  @Test
  void equalSystemsDoNotDiffer() {
    double[] none = new double[5];
    assertThat(Significance.pairedT(none)).isEqualTo(1);
    assertThat(Significance.randomisation(none, 100, 1)).isEqualTo(1);
    assertThat(Significance.meanInterval(none, 0.95)).isEqualTo(new Significance.Interval(0, 0));
  }

  @Property
  void intervalExcludesZeroExactlyWhereTheTestRejects(
      @ForAll @Size(min = 2, max = 30) List<@IntRange(min = -10, max = 20) Integer> tenths) {
    double[] differences = tenths.stream().mapToDouble(t -> t / 10.0).toArray();
    double p = Significance.pairedT(differences);
    Significance.Interval interval = Significance.meanInterval(differences, 0.95);
    if (Math.abs(p - 0.05) > 1e-9) {
      assertThat(interval.low() > 0 || interval.high() < 0).isEqualTo(p < 0.05);
    }
  }

  @Property
  void testsDoNotDependOnTheDirection(
      @ForAll @Size(min = 2, max = 40) List<@IntRange(min = -10, max = 10) Integer> tenths) {
    double[] there = tenths.stream().mapToDouble(t -> t / 10.0).toArray();
    double[] back = Arrays.stream(there).map(d -> -d).toArray();
    assertThat(Significance.pairedT(back)).isCloseTo(Significance.pairedT(there), within(1e-12));
    assertThat(Significance.randomisation(back, 500, 1))
        .isEqualTo(Significance.randomisation(there, 500, 1));
  }

  @Test
  void holmMultipliesByWhatIsLeftAndNeverFalls() {
    assertThat(Significance.holm(new double[] {0.01, 0.04, 0.03, 0.005}))
        .containsExactly(new double[] {0.03, 0.06, 0.06, 0.02}, within(1e-15));
    assertThat(Significance.holm(new double[] {0.6, 0.7})).containsExactly(1, 1);
  }

  @Test
  void refusesASingleQuery() {
    assertThatThrownBy(() -> Significance.pairedT(new double[] {1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 queries or more");
    Measure measure = Measure.parse("RR");
    Evaluation one =
        Evaluation.of(
            new Qrels.Builder().add("q", "d", 1).build(),
            new Run.Builder().add("q", "d", 1).build(),
            List.of(measure));
    assertThatThrownBy(() -> Comparison.of(one, one, measure, Comparison.Tests.USUAL))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("only 1 query is judged");
  }

  @Test
  void comparesTheMeansOfTwoSystems() {
    Qrels qrels = new Qrels.Builder().add("q1", "d", 1).add("q2", "d", 1).build();
    Run baseline = new Run.Builder().add("q1", "d", 1).add("q2", "x", 1).build();
    Run system = new Run.Builder().add("q1", "d", 1).add("q2", "d", 1).build();
    Measure measure = Measure.parse("RR");
    Comparison comparison =
        Comparison.of(
            Evaluation.of(qrels, baseline, List.of(measure)),
            Evaluation.of(qrels, system, List.of(measure)),
            measure,
            Comparison.Tests.USUAL);
    assertThat(comparison.difference()).isEqualTo(0.5);
    assertThat(comparison.randomisation()).isEqualTo(1);
    assertThat(comparison.pairedT()).isCloseTo(0.5, within(1e-12)); // t = 1 with 1 degree
  }
}
