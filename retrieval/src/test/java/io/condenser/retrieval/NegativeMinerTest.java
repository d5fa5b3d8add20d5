package io.condenser.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.evaluation.Qrels;
import io.condenser.evaluation.Run;
import io.condenser.evaluation.ScoredPassage;
import io.condenser.storage.InputException;
import io.condenser.text.Negatives;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class NegativeMinerTest {
  @Test
  void aRunThatIsNotAsDeepAsAskedIsRemarked() {
    Run run = new Run.Builder().add("q", "a", 2).add("q", "b", 1).build();
    assertThat(new NegativeMiner(3, 1, 1).remark(run))
        .contains("the run has no more than 2 passages a query; depth is 3");
    assertThat(new NegativeMiner(2, 1, 1).remark(run)).isEmpty();
  }

  /** Ten queries; each ranks up to 60 of 100 passages, some of them relevant, some judged not. */
  record Judged(Qrels qrels, Run run) {
    static Judged random(long seed) {
      Random random = new Random(seed);
      Qrels.Builder qrels = new Qrels.Builder();
      Run.Builder run = new Run.Builder();
      for (int q = 0; q < 10; q++) {
        int ranked = random.nextInt(60);
        for (int p = 0; p < 100; p++) {
          if (random.nextInt(10) == 0) {
            qrels.add("q" + q, "p" + p, random.nextInt(-1, 3));
          }
          if (p < ranked) {
            run.add("q" + q, "p" + p, random.nextInt(20) - 10);
          }
        }
      }
      return new Judged(qrels.build(), run.build());
    }
  }

  @Property(tries = 200)
  void negativesAreUnjudgedOrIrrelevantDistinctAndWithinDepth(
      @ForAll long data,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 80) int depth,
      @ForAll @IntRange(min = 1, max = 40) int sample) {
    Judged judged = Judged.random(data);
    NegativeMiner.Mined mined =
        new NegativeMiner(depth, sample, seed).mine(judged.qrels(), judged.run());
    for (Negatives each : mined.negatives()) {
      List<String> candidates =
          judged.run().ranking(each.query()).stream()
              .limit(depth)
              .map(ScoredPassage::id)
              .filter(p -> judged.qrels().of(each.query()).getOrDefault(p, 0) <= 0)
              .toList();
      assertThat(each.negatives())
          .doesNotHaveDuplicates()
          .hasSize(Math.min(sample, candidates.size()))
          .isSubsetOf(candidates)
          .as("in the order of the ranking")
          .isEqualTo(candidates.stream().filter(each.negatives()::contains).toList());
    }
  }

  @Property(tries = 50)
  void aQuerysSampleDependsOnItAndTheSeedAlone(@ForAll long data, @ForAll long seed) {
    Judged judged = Judged.random(data);
    NegativeMiner miner = new NegativeMiner(50, 5, seed);
    for (Negatives each : miner.mine(judged.qrels(), judged.run()).negatives()) {
      Qrels.Builder alone = new Qrels.Builder();
      judged.qrels().of(each.query()).forEach((p, grade) -> alone.add(each.query(), p, grade));
      assertThat(miner.mine(alone.build(), judged.run()).negatives()).containsExactly(each);
    }
  }

  @Test
  void everyCandidateIsDrawnEquallyOften() {
    Run.Builder run = new Run.Builder();
    for (int p = 0; p < 10; p++) {
      run.add("q", "p" + p, p);
    }
    Qrels qrels = new Qrels.Builder().add("q", "other", 1).build();
    Run ranked = run.build();
    Map<String, Integer> drawn = new HashMap<>();
    int seeds = 10_000;
    for (int seed = 0; seed < seeds; seed++) {
      new NegativeMiner(10, 3, seed)
          .mine(qrels, ranked)
          .negatives()
          .getFirst()
          .negatives()
          .forEach(p -> drawn.merge(p, 1, Integer::sum));
    }
    // 3000 expected of each; the standard deviation is 46.
    assertThat(drawn).hasSize(10);
    assertThat(drawn.values()).allMatch(count -> Math.abs(count - 3000) < 200);
  }

  @Test
  void queriesLeftWithoutNegativesAreCounted() {
    Qrels qrels =
        new Qrels.Builder()
            .add("all relevant", "a", 1)
            .add("not ranked", "a", 1)
            .add("nothing relevant", "a", 0)
            .add("fine", "a", 1)
            .build();
    Run run =
        new Run.Builder()
            .add("all relevant", "a", 1)
            .add("nothing relevant", "b", 1)
            .add("fine", "a", 2)
            .add("fine", "b", 1)
            .build();
    NegativeMiner.Mined mined = new NegativeMiner(200, 30, 1).mine(qrels, run);
    assertThat(mined.negatives()).containsExactly(new Negatives("fine", List.of("b")));
    assertThat(mined.without()).isEqualTo(2);
    assertThat(mined.relevantDropped()).isEqualTo(2);
  }

  @Test
  void copiesOfARelevantPassageAreDroppedForItsQueryOnly() {
    Qrels qrels = new Qrels.Builder().add("q", "a", 1).add("r", "z", 1).build();
    Run run =
        new Run.Builder()
            .add("q", "copy", 2)
            .add("q", "b", 1)
            .add("r", "copy", 2)
            .add("r", "a", 1)
            .build();
    NegativeMiner.Mined mined =
        new NegativeMiner(200, 30, 1)
            .mine(qrels, run, (relevant, p) -> relevant.equals("a") && p.equals("copy"));
    assertThat(mined.negatives())
        .containsExactly(
            new Negatives("q", List.of("b")), new Negatives("r", List.of("copy", "a")));
    assertThat(mined.copiesDropped()).isEqualTo(1);
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new NegativeMiner(0, 30, 1))
        .isInstanceOf(InputException.class)
        .hasMessage("depth is 0; expected at least 1");
    assertThatThrownBy(() -> new NegativeMiner(200, 0, 1))
        .isInstanceOf(InputException.class)
        .hasMessage("sample is 0; expected at least 1");
  }
}
