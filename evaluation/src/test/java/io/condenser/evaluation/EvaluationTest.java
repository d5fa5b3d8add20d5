package io.condenser.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.storage.InputException;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvaluationTest {
  private static final List<Measure> MEASURES = Measure.parseAll("RR@10 R@2");

  /** q1: found first; q2: found second, half of it; q3: missed by the run; q4: nothing relevant. */
  private static final Qrels QRELS =
      new Qrels.Builder()
          .add("q1", "a", 1)
          .add("q2", "b", 1)
          .add("q2", "c", 2)
          .add("q3", "d", 1)
          .add("q4", "e", 0)
          .build();

  private static final Run RUN =
      new Run.Builder()
          .add("q1", "a", 2)
          .add("q2", "x", 2)
          .add("q2", "b", 1)
          .add("q4", "e", 1)
          .add("q9", "a", 1)
          .build();

  private static final Evaluation EVALUATION = Evaluation.of(QRELS, RUN, MEASURES);

  @Test
  void averagesOverAllJudgedQueries() {
    assertThat(EVALUATION.queries()).containsExactly("q1", "q2", "q3", "q4");
    assertThat(EVALUATION.values(MEASURES.get(0))).containsExactly(1, 0.5, 0, 0);
    assertThat(EVALUATION.mean(MEASURES.get(0))).isEqualTo(0.375);
    assertThat(EVALUATION.mean(MEASURES.get(1))).isEqualTo(0.375);
  }

  @Test
  void tellsWhatCountsZeroAndWhatIsLeftOut() {
    assertThat(EVALUATION.missed()).isEqualTo(1);
    assertThat(EVALUATION.withoutRelevant()).isEqualTo(1);
    assertThat(EVALUATION.unjudged()).containsExactly("q9");
    assertThat(EVALUATION.counts()).isEqualTo(new Evaluation.Counts(4, 4, 2));
  }

  @Test
  void refusesARunOfOtherQueriesShowingOneOfEach() {
    Run other = new Run.Builder().add("17", "a", 1).build();
    assertThatThrownBy(() -> Evaluation.of(QRELS, other, MEASURES))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("its queries are like '17', the judged ones like 'q1'");
  }

  @Test
  void printsTheMeansAsJson() {
    assertThat(EvaluationReport.json(EVALUATION, false))
        .isEqualTo("{\"RR@10\": 0.3750, \"R@2\": 0.3750}");
  }

  @Test
  void printsTheQueriesAsJson() {
    assertThat(EvaluationReport.json(EVALUATION, true))
        .isEqualTo(
            """
            {"mean": {"RR@10": 0.3750, "R@2": 0.3750},
            "queries": {
            "q1": {"RR@10": 1.0000, "R@2": 1.0000},
            "q2": {"RR@10": 0.5000, "R@2": 0.5000},
            "q3": {"RR@10": 0.0000, "R@2": 0.0000},
            "q4": {"RR@10": 0.0000, "R@2": 0.0000}}}\
            """);
  }

  @Test
  void printsAnAlignedTable() {
    assertThat(EvaluationReport.table(EVALUATION, false))
        .isEqualTo(
            """
            query       RR@10     R@2
            mean of 4  0.3750  0.3750\
            """);
    assertThat(EvaluationReport.table(EVALUATION, true)).hasLineCount(6).contains("\nq2 ");
  }

  @Test
  void printsWhatTrecEvalPrints() {
    assertThat(EvaluationReport.trecEval(EVALUATION, false))
        .isEqualTo(
            """
            num_q                 \tall\t4
            num_ret               \tall\t4
            num_rel               \tall\t4
            num_rel_ret           \tall\t2
            recip_rank_cut_10     \tall\t0.3750
            recall_2              \tall\t0.3750\
            """);
  }

  @Test
  void roundsAsCDoes() {
    assertThat(Decimals.four(1.0 / 32)).isEqualTo("0.0312");
    assertThat(Decimals.four(3.0 / 32)).isEqualTo("0.0938");
    assertThat(Decimals.signedFour(0.25)).isEqualTo("+0.2500");
    assertThat(Decimals.signedFour(-0.25)).isEqualTo("-0.2500");
  }
}
