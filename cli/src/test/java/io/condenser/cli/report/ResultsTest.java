package io.condenser.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.condenser.cli.report.Results.Difference;
import io.condenser.cli.report.Results.Measured;
import io.condenser.evaluation.Comparison;
import io.condenser.evaluation.Evaluation;
import io.condenser.evaluation.Measure;
import io.condenser.evaluation.Significance;
import io.condenser.storage.InputException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Three systems over thirty queries: "low" finds at rank 4, "mid" at 2, "high" at 1. */
class ResultsTest {
  private static final Measure RR = Measure.parse("RR@10");
  private static final Measure R2 = Measure.parse("R@2");
  private static final int QUERIES = 30;

  private final Map<String, Evaluation> evaluations = new LinkedHashMap<>();

  ResultsTest() {
    SmallRuns runs = new SmallRuns(QUERIES);
    List<Measure> measures = List.of(RR, R2);
    evaluations.put("low", Evaluation.of(runs.qrels(), runs.run(4), measures));
    evaluations.put("mid", Evaluation.of(runs.qrels(), runs.run(2), measures));
    evaluations.put("high", Evaluation.of(runs.qrels(), runs.run(1), measures));
  }

  @Test
  void differencesAreTheEvaluationRoomsOwn() {
    Results results = results("low");
    Comparison expected =
        Comparison.of(
            results.system("low").evaluation(),
            results.system("high").evaluation(),
            RR,
            Comparison.Tests.USUAL);
    assertThat(results.system("high").against("low", RR).orElseThrow().comparison())
        .isEqualTo(expected);
    assertThat(expected.difference()).isCloseTo(0.75, within(1e-12));
  }

  @Test
  void pValuesAreCorrectedOverAllPairsOfAMeasure() {
    Results results = results("low", "mid");
    List<Difference> pairs =
        results.systems().stream()
            .flatMap(s -> s.differences().stream())
            .filter(d -> d.comparison().measure().equals(RR))
            .toList();
    double[] p = pairs.stream().mapToDouble(d -> d.comparison().randomisation()).toArray();
    assertThat(pairs).hasSize(3); // high against both, mid against low; not low against mid
    assertThat(pairs.stream().mapToDouble(Difference::corrected).toArray())
        .containsExactlyInAnyOrder(Significance.holm(p));
  }

  @Test
  void marksNameTheBaselinesThatAreBeaten() {
    Results results = results("low", "mid");
    Measured high = results.system("high");
    assertThat(results.beaten(high, RR)).isEqualTo("ab");
    assertThat(results.beaten(high, R2)).isEqualTo("a"); // mid finds at rank 2, too
    assertThat(results.lostTo(high, RR)).isEmpty();
  }

  @Test
  void marksNameTheBaselinesThatAreNotReached() {
    Results results = results("high");
    assertThat(results.lostTo(results.system("low"), RR)).isEqualTo("a");
    assertThat(results.beaten(results.system("low"), RR)).isEmpty();
  }

  @Test
  void theBestIsNoBaseline() {
    assertThat(results("high").best().orElseThrow().name()).isEqualTo("mid");
    assertThat(results("low", "mid", "high").best()).isEmpty();
  }

  @Test
  void everySystemAsHighAsTheHighestIs() {
    Results results = results("low");
    assertThat(results.isHighest(results.system("high"), R2)).isTrue();
    assertThat(results.isHighest(results.system("mid"), R2)).isTrue();
    assertThat(results.isHighest(results.system("mid"), RR)).isFalse();
  }

  @Test
  void aBaselineMustBeARun() {
    assertThatThrownBy(() -> results("other"))
        .isInstanceOf(InputException.class)
        .hasMessage("baseline 'other' is none of the runs [low, mid, high]");
  }

  @Test
  void theTableShowsMeansMarksAndWhatTheySay() {
    assertThat(ResultsText.table(results("low")))
        .isEqualTo(
            """
                      RR@10       R@2
            low (a)  0.2500    0.0000
            mid      0.5000 a  1.0000 a
            high     1.0000 a  1.0000 a

            Means over 30 queries. a = low: significantly better than that baseline, after '-' worse
            (paired randomisation test, 10,000 samples, p < 0.05 after Holm's correction).\
            """);
  }

  @Test
  void withoutBaselinesNothingIsTested() {
    assertThat(ResultsText.table(results()))
        .doesNotContain("(a)")
        .endsWith("Means over 30 queries.");
  }

  private Results results(String... baselines) {
    return Results.of(evaluations, List.of(baselines), Comparison.Tests.USUAL);
  }
}
