package io.condenser.retrieval;

import static io.condenser.retrieval.Hybrid.Method.MIN_MAX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.evaluation.Measure;
import io.condenser.evaluation.Qrels;
import io.condenser.evaluation.Run;
import io.condenser.evaluation.ScoredPassage;
import io.condenser.retrieval.HybridTuning.Tuned;
import org.junit.jupiter.api.Test;

class HybridTuningTest {
  private static final Measure RR = Measure.parse("RR@10");
  private static final HybridTuning TUNING = new HybridTuning(MIN_MAX, RR, 100);

  private final Qrels.Builder judged = new Qrels.Builder();
  private final Run.Builder bm25 = new Run.Builder();
  private final Run.Builder dense = new Run.Builder();

  /** A query for whose relevant passage either BM25 or the model is right, and the other wrong. */
  private void query(String id, boolean bm25IsRight) {
    judged.add(id, "right", 1);
    rank(bm25IsRight ? bm25 : dense, id, "right", "wrong");
    rank(bm25IsRight ? dense : bm25, id, "wrong", "right");
  }

  private static void rank(Run.Builder run, String query, String first, String last) {
    run.add(query, first, 2).add(query, last, 1);
  }

  private Tuned tuned() {
    return TUNING.tune(bm25.build(), dense.build(), judged.build());
  }

  @Test
  void theWeightGoesToTheSideThatIsRight() {
    for (int i = 0; i < 10; i++) {
      query("q" + i, true);
    }
    Tuned tuned = tuned();
    assertThat(tuned.means()).hasSize(21).containsEntry(0.0, 1.0).containsEntry(1.0, 0.5);
    assertThat(tuned.chosen()).as("of equals the nearest to one half").isEqualTo(0.45);
    assertThat(tuned.foldWeights()).containsOnly(0.45).hasSize(5);
    assertThat(tuned.run().queries())
        .hasSize(10)
        .allSatisfy(q -> assertThat(tuned.run().ranking(q).getFirst().id()).isEqualTo("right"));
  }

  @Test
  void noQueryHasAPartInTheWeightThatItIsRankedWith() {
    query("q0", false);
    for (int i = 1; i < 5; i++) {
      query("q" + i, true);
    }
    Tuned tuned = tuned();
    assertThat(tuned.foldWeights()).containsOnly(0.45);
    assertThat(tuned.run().ranking("q0")).extracting(ScoredPassage::id).startsWith("wrong");
  }

  @Test
  void aFoldThatDisagreesIsRankedAsTheOthersWish() {
    query("q0", true);
    query("q1", false);
    Tuned tuned = tuned();
    assertThat(tuned.chosen()).as("of two equally good and near, BM25's").isEqualTo(0.45);
    assertThat(tuned.foldWeights()).containsExactly(0.55, 0.45);
    assertThat(tuned.run().ranking("q0")).extracting(ScoredPassage::id).startsWith("wrong");
    assertThat(tuned.run().ranking("q1")).extracting(ScoredPassage::id).startsWith("wrong");
  }

  @Test
  void aQueryWithoutJudgmentsIsRankedWithTheWeightThatAllChose() {
    for (int i = 0; i < 5; i++) {
      query("q" + i, false);
    }
    rank(bm25, "other", "lexical", "semantic");
    rank(dense, "other", "semantic", "lexical");
    Tuned tuned = tuned();
    assertThat(tuned.chosen()).isEqualTo(0.55);
    assertThat(tuned.run().ranking("other"))
        .containsExactly(
            new ScoredPassage("semantic", 0.55f), new ScoredPassage("lexical", (float) (1 - 0.55)));
  }

  @Test
  void oneQueryHasNoOthers() {
    query("q0", true);
    assertThatThrownBy(this::tuned)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1 judged queries");
  }
}
