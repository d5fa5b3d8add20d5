package io.condenser.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.evaluation.Evaluation;
import io.condenser.evaluation.Measure;
import io.condenser.evaluation.Qrels;
import io.condenser.evaluation.Run;
import io.condenser.storage.InputException;
import io.condenser.text.Query;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswerJudgmentsTest {
  private static final List<Query> QUERIES =
      List.of(
          new Query("q1", "where", List.of("Paris")),
          new Query("q2", "who", List.of("Ada", "Lovelace")),
          new Query("q3", "when", List.of("1911")),
          new Query("q4", "why"));

  @TempDir private Path folder;

  private Path corpus() throws IOException {
    return Files.writeString(
        folder.resolve("corpus.tsv"),
        "a\tParis\tthe capital\nb\t\tIn paris, 1911.\nc\t\tLovelace was there\nd\t\tnothing\n");
  }

  private static Run.Builder run() {
    return new Run.Builder()
        .add("q1", "a", 3)
        .add("q1", "d", 2)
        .add("q1", "b", 1)
        .add("q2", "c", 1)
        .add("q4", "d", 1)
        .add("q9", "unknown", 1);
  }

  @Test
  void textsThatContainAnAnswerAreRelevantAndTitlesDoNotCount() throws IOException {
    Qrels qrels = AnswerJudgments.of(QUERIES, List.of(run().build()), corpus());
    assertThat(qrels.of("q1")).isEqualTo(Map.of("a", 0, "b", 1, "d", 0));
    assertThat(qrels.of("q2")).isEqualTo(Map.of("c", 1));
    assertThat(qrels.queries()).doesNotContain("q4", "q9");
  }

  @Test
  void successIsTopKAccuracyOverAllQuestionsThatHaveAnswers() throws IOException {
    Run run = run().build();
    Qrels qrels = AnswerJudgments.of(QUERIES, List.of(run), corpus());
    List<Measure> measures = Measure.parseAll("Success@1 Success@2 Success@3");
    Evaluation evaluation = Evaluation.of(qrels, run, measures);
    // q1 at rank 3, q2 at rank 1, q3 never: it was not even searched for
    assertThat(measures.stream().map(evaluation::mean)).containsExactly(1 / 3.0, 1 / 3.0, 2 / 3.0);
  }

  @Test
  void severalRunsAreJudgedTogetherAndMeasureAsAlone() throws IOException {
    Run first = run().build();
    Run second = new Run.Builder().add("q1", "b", 1).add("q3", "b", 1).build();
    Qrels both = AnswerJudgments.of(QUERIES, List.of(first, second), corpus());
    List<Measure> measures = Measure.parseAll("Success@1 RR");
    for (Run run : List.of(first, second)) {
      Qrels alone = AnswerJudgments.of(QUERIES, List.of(run), corpus());
      for (Measure measure : measures) {
        assertThat(Evaluation.of(both, run, measures).mean(measure))
            .isEqualTo(Evaluation.of(alone, run, measures).mean(measure));
      }
    }
  }

  /** So that two runs that are judged by themselves can be compared, query by query. */
  @Test
  void queriesKeepTheirOrderWhateverIsRanked() throws IOException {
    Run run = new Run.Builder().add("q3", "a", 1).add("q1", "d", 1).build();
    assertThat(AnswerJudgments.of(QUERIES, List.of(run), corpus()).queries())
        .containsExactly("q1", "q2", "q3");
  }

  @Test
  void aRunOfAnotherCorpusAndQueriesWithoutAnswersAreRefused() throws IOException {
    Path corpus = corpus();
    Run other = run().add("q1", "z", 0).build();
    assertThatThrownBy(() -> AnswerJudgments.of(QUERIES, List.of(other), corpus))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("corpus.tsv: lacks 1 passages that the runs rank, for example 'z'");
    assertThatThrownBy(
            () -> AnswerJudgments.of(QUERIES.subList(3, 4), List.of(run().build()), corpus))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no query has answers");
  }
}
