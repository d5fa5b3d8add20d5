package io.condenser.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.condenser.storage.InputException;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MeasureTest {
  private static final double EXACT = 1e-12;

  /** Ranks: a (2), unjudged, b (1), c (0), d (1); e (3) is not found. */
  private static final GradedRanking RANKING =
      GradedRanking.of(
          Map.of("a", 2, "b", 1, "c", 0, "d", 1, "e", 3),
          List.of(
              new ScoredPassage("a", 5),
              new ScoredPassage("unjudged", 4),
              new ScoredPassage("b", 3),
              new ScoredPassage("c", 2),
              new ScoredPassage("d", 1)));

  @ParameterizedTest
  @CsvSource({
    "RR, 1",
    "RR(rel=3), 0",
    "RR(rel=2)@1, 1",
    "R@1, 0.25",
    "R@3, 0.5",
    "R(rel=2)@100, 0.5",
    "P@2, 0.5",
    "P@10, 0.3",
    "Success@1, 1",
    "Success(rel=3)@10, 0",
    "Rprec, 0.5",
    "AP, 0.5666666666666667", // (1 + 2/3 + 3/5) / 4
    "AP@3, 0.4166666666666667", // (1 + 2/3) / 4
    "nDCG@1, 0.6666666666666666", // 2 / 3
    "nDCG@3, 0.5250049893849103", // (2 + 1/2) / (3 + 2/log2(3) + 1/2)
  })
  void isWhatOneComputesByHand(String name, double expected) {
    assertThat(Measure.parse(name).of(RANKING)).isCloseTo(expected, within(EXACT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RR",
        "RR@10",
        "R@1000",
        "nDCG",
        "nDCG@10",
        "P@5",
        "AP",
        "AP@100",
        "Success@20",
        "Rprec",
        "RR(rel=2)@10",
        "R(rel=2)@100"
      })
  void isWrittenAsItIsRead(String name) {
    assertThat(Measure.parse(name)).hasToString(name);
  }

  @ParameterizedTest
  @CsvSource({
    "RR@10, recip_rank_cut_10",
    "RR, recip_rank",
    "nDCG@10, ndcg_cut_10",
    "AP@100, map_cut_100",
    "P@5, P_5",
    "R@1000, recall_1000",
    "Success@20, success_20",
    "Rprec, Rprec"
  })
  void hasTrecEvalsName(String name, String trecEval) {
    assertThat(Measure.parse(name).trecEvalName()).isEqualTo(trecEval);
  }

  @ParameterizedTest
  @CsvSource({
    "MRR@10, did you mean 'RR@10'?",
    "ndcg@10, did you mean 'nDCG@10'?",
    "map, did you mean 'AP'?",
    "Foo@10, 'There are RR[@k], R@k, nDCG[@k], P@k, AP[@k], Success@k, Rprec'",
    "RR@, unknown measure 'RR@'",
    "R, 'needs a cutoff, for example R@10'",
    "Rprec@5, takes no cutoff; write Rprec",
    "R@0, the cutoff must be 1 or more",
    "RR(rel=0)@10, the lowest relevant grade must be 1 or more",
    "nDCG(rel=2)@10, takes no rel"
  })
  void saysWhatIsWrongWithAName(String name, String message) {
    assertThatThrownBy(() -> Measure.parse(name))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }

  @Test
  void readsNamesBetweenBlanksAndCommasOnce() {
    assertThat(Measure.parseAll(" RR@10  R@100,nDCG@10 RR@10 "))
        .extracting(Measure::toString)
        .containsExactly("RR@10", "R@100", "nDCG@10");
    assertThatThrownBy(() -> Measure.parseAll(" ")).isInstanceOf(InputException.class);
  }

  /** Every measure lies in 0 … 1, and 1 is reached by the ranking of all judged, best first. */
  @Property
  void isOneForTheBestRankingAndWithinBoundsForAny(
      @ForAll @Size(min = 1, max = 12) List<@IntRange(min = -1, max = 3) Integer> grades,
      @ForAll @Size(max = 12) List<@IntRange(min = 0, max = 3) Integer> retrieved) {
    int[] judged = grades.stream().sorted((a, b) -> b - a).mapToInt(Integer::intValue).toArray();
    GradedRanking best = new GradedRanking(judged, judged);
    double reachable = best.relevant(1) > 0 ? 1 : 0;
    for (Measure measure : Measure.parseAll("RR R@12 nDCG nDCG@3 AP Success@1 Rprec P@1")) {
      assertThat(measure.of(best)).as("%s of %s", measure, grades).isEqualTo(reachable);
    }
    int[] any =
        retrieved.stream().limit(judged.length).mapToInt(i -> judged[i % judged.length]).toArray();
    for (Measure measure : Measure.parseAll("RR@2 P@3 Success@2")) {
      assertThat(measure.of(new GradedRanking(any, judged))).isBetween(0.0, 1.0);
    }
  }

  /** Exchanging two neighbours so that the better comes first never lowers nDCG or AP. */
  @Property
  void risesWithABetterOrder(
      @ForAll @Size(min = 2, max = 10) List<@IntRange(min = 0, max = 3) Integer> grades,
      @ForAll @IntRange(min = 0, max = 8) int at) {
    int[] order = grades.stream().mapToInt(Integer::intValue).toArray();
    int[] judged = grades.stream().sorted((a, b) -> b - a).mapToInt(Integer::intValue).toArray();
    int first = at % (order.length - 1);
    int[] better = order.clone();
    better[first] = Math.max(order[first], order[first + 1]);
    better[first + 1] = Math.min(order[first], order[first + 1]);
    for (Measure measure : Measure.parseAll("nDCG nDCG@3 AP AP@3 RR RR@3")) {
      assertThat(measure.of(new GradedRanking(better, judged)))
          .as("%s of %s", measure, grades)
          .isGreaterThanOrEqualTo(measure.of(new GradedRanking(order, judged)) - EXACT);
    }
  }
}
