package io.condenser.retrieval;

import static io.condenser.retrieval.Hybrid.Method.MIN_MAX;
import static io.condenser.retrieval.Hybrid.Method.RECIPROCAL_RANK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.evaluation.Run;
import io.condenser.evaluation.ScoredPassage;
import io.condenser.storage.InputException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HybridTest {
  private static final List<ScoredPassage> BM25 =
      List.of(new ScoredPassage("a", 12), new ScoredPassage("b", 9), new ScoredPassage("c", 2));
  private static final List<ScoredPassage> DENSE =
      List.of(new ScoredPassage("b", 0.9f), new ScoredPassage("d", 0.4f));

  @Test
  void reciprocalRanksAddUp() {
    assertThat(new Hybrid(RECIPROCAL_RANK, 0.5).fuse(BM25, DENSE, 10))
        .containsExactly(
            new ScoredPassage("b", (float) (0.5 / 61 + 0.5 / 62)),
            new ScoredPassage("a", (float) (0.5 / 61)),
            new ScoredPassage("d", (float) (0.5 / 62)),
            new ScoredPassage("c", (float) (0.5 / 63)));
  }

  @Test
  void scaledScoresAddUp() {
    assertThat(new Hybrid(MIN_MAX, 0.75).fuse(BM25, DENSE, 2))
        .containsExactly(
            new ScoredPassage("b", (float) (0.75 + 0.25 * 0.7)), new ScoredPassage("a", 0.25f));
  }

  @Test
  void aSinglePassageOrEqualScoresAreWorthTheBest() {
    List<ScoredPassage> equal = List.of(new ScoredPassage("y", 3), new ScoredPassage("x", 3));
    assertThat(new Hybrid(MIN_MAX, 0.5).fuse(equal, List.of(), 10))
        .containsExactly(new ScoredPassage("y", 0.5f), new ScoredPassage("x", 0.5f));
  }

  @ParameterizedTest
  @EnumSource
  void aWeightOfOneOrZeroKeepsTheOrderOfOneSide(Hybrid.Method method) {
    assertThat(new Hybrid(method, 1).fuse(BM25, DENSE, 10))
        .extracting(ScoredPassage::id)
        .containsExactly("b", "d");
    assertThat(new Hybrid(method, 0).fuse(BM25, DENSE, 10))
        .extracting(ScoredPassage::id)
        .containsExactly("a", "b", "c");
  }

  @ParameterizedTest
  @EnumSource
  void aQueryOfOneSideKeepsItsRanking(Hybrid.Method method) {
    Run.Builder bm25 = new Run.Builder();
    BM25.forEach(p -> bm25.add("lexical", p.id(), p.score()));
    Run.Builder dense = new Run.Builder();
    DENSE.forEach(p -> dense.add("semantic", p.id(), p.score()));
    Run fused = new Hybrid(method, 0.5).fuse(bm25.build(), dense.build(), 10);
    assertThat(fused.ranking("lexical"))
        .extracting(ScoredPassage::id)
        .containsExactly("a", "b", "c");
    assertThat(fused.ranking("semantic")).extracting(ScoredPassage::id).containsExactly("b", "d");
  }

  @Test
  void weightsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new Hybrid(MIN_MAX, 1.5))
        .isInstanceOf(InputException.class)
        .hasMessage("dense weight is 1.5; expected 0 to 1");
  }
}
