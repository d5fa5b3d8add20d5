package io.condenser.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.condenser.evaluation.Qrels;
import io.condenser.evaluation.Run;
import io.condenser.evaluation.ScoredPassage;
import io.condenser.storage.InputException;
import io.condenser.text.Negatives;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DenoiserTest {
  private static final NegativeMiner ALL = new NegativeMiner(50, 50, 1);

  /** ln(p / (1 − p)), from a table of logits. */
  @ParameterizedTest
  @CsvSource({"0, 0.5", "2.197225, 0.9", "-2.197225, 0.1", "4.595120, 0.99", "-800, 0", "800, 1"})
  void aScoreIsALogit(float logit, double probability) {
    assertThat(ScoredPair.of("q", new ScoredPassage("p", logit)).probability())
        .isCloseTo(probability, within(1e-6));
  }

  @Test
  void onlyPassagesBelowTheThresholdAreNegativesAndTheOthersAreCounted() {
    Qrels qrels = new Qrels.Builder().add("q", "judged", 1).add("q", "judged too", 1).build();
    Run run =
        new Run.Builder()
            .add("q", "judged", 5)
            .add("q", "sure", 3) // .953
            .add("q", "copy", 2.5)
            .add("q", "likely", 1) // .731
            .add("q", "unlikely", -2) // .119
            .add("q", "negative", -3) // .047
            .add("q", "judged too", -4)
            .add("q", "worst", -9)
            .build();
    Denoiser.Denoised denoised =
        new Denoiser(0.1, ALL)
            .denoise(qrels, run, (relevant, p) -> relevant.equals("judged") && p.equals("copy"));
    assertThat(denoised.mined().negatives())
        .containsExactly(new Negatives("q", List.of("negative", "worst")));
    assertThat(denoised.mined().copiesDropped()).isEqualTo(1);
    assertThat(denoised.candidates()).isEqualTo(5);
    assertThat(denoised.falseNegatives()).isEqualTo(3);
    assertThat(denoised.sureOnes()).isEqualTo(1);
    assertThat(denoised.relevant()).isEqualTo(new Denoiser.Relevant(2, 1, 1));
    assertThat(denoised.examples())
        .extracting(ScoredPair::passage)
        .containsExactly("sure", "likely", "unlikely");
  }

  @Test
  void whatIsBeyondTheDepthIsNeitherMinedNorCounted() {
    Qrels qrels = new Qrels.Builder().add("q", "judged", 1).build();
    Run run = new Run.Builder().add("q", "a", 3).add("q", "b", -3).add("q", "c", -4).build();
    Denoiser.Denoised denoised =
        new Denoiser(0.1, new NegativeMiner(2, 50, 1)).denoise(qrels, run, (r, p) -> false);
    assertThat(denoised.mined().negatives()).containsExactly(new Negatives("q", List.of("b")));
    assertThat(denoised.candidates()).isEqualTo(2);
  }

  @Property(tries = 100)
  void negativesAreThoseThatAMinerDrawsFromTheRankingWithoutFalseNegatives(
      @ForAll long data,
      @ForAll long seed,
      @ForAll @DoubleRange(min = 0.01, max = 0.99) double threshold,
      @ForAll @IntRange(min = 1, max = 20) int sample) {
    NegativeMinerTest.Judged judged = NegativeMinerTest.Judged.random(data);
    Run.Builder without = new Run.Builder();
    for (String query : judged.run().queries()) {
      for (ScoredPassage ranked : judged.run().ranking(query)) {
        if (1 / (1 + Math.exp(-ranked.score())) < threshold) {
          without.add(query, ranked.id(), ranked.score());
        }
      }
    }
    NegativeMiner miner = new NegativeMiner(100, sample, seed);
    assertThat(
            new Denoiser(threshold, miner)
                .denoise(judged.qrels(), judged.run(), (r, p) -> false)
                .mined()
                .negatives())
        .isEqualTo(miner.mine(judged.qrels(), without.build()).negatives());
  }

  @Test
  void examplesAreASampleThatTheSeedChooses() {
    Qrels qrels = new Qrels.Builder().add("q", "judged", 1).build();
    Run.Builder run = new Run.Builder();
    for (int p = 0; p < 40; p++) {
      run.add("q", "p" + p, p);
    }
    Run ranked = run.build();
    Set<Set<String>> samples = new HashSet<>();
    for (long seed = 0; seed < 5; seed++) {
      List<ScoredPair> examples =
          new Denoiser(0.1, new NegativeMiner(50, 1, seed))
              .denoise(qrels, ranked, (r, p) -> false)
              .examples();
      assertThat(examples)
          .hasSize(10)
          .isSortedAccordingTo((a, b) -> Double.compare(b.probability(), a.probability()));
      samples.add(new HashSet<>(examples.stream().map(ScoredPair::passage).toList()));
    }
    assertThat(samples).hasSize(5);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, -0.1, Double.NaN})
  void aThresholdThatIsNoProbabilityIsRefused(double threshold) {
    assertThatThrownBy(() -> new Denoiser(threshold, ALL))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("threshold is " + threshold + "; expected");
  }
}
