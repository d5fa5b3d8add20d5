package io.condenser.retrieval;

import io.condenser.evaluation.Qrels;
import io.condenser.evaluation.Run;
import io.condenser.evaluation.ScoredPassage;
import io.condenser.storage.InputException;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * Denoised hard negatives (RocketQA §3.2.2): of a reranked run's passages that are not judged
 * relevant only those that the cross-encoder, too, holds to be irrelevant. The others are false
 * negatives, by its word.
 *
 * @param threshold a negative's probability is below this; above 0, below 1
 * @param miner what is drawn of them, from which ranks of the reranked run
 */
public record Denoiser(double threshold, NegativeMiner miner) {
  /** From here on the cross-encoder is sure of a passage: RocketQA's bound of a pseudo-positive. */
  public static final double SURE = 0.9;

  public Denoiser {
    if (!(threshold > 0 && threshold < 1)) {
      throw new InputException(
          "threshold is %s; expected a probability above 0 and below 1".formatted(threshold));
    }
  }

  /**
   * What was found.
   *
   * @param mined the negatives
   * @param candidates ranked passages that are neither judged relevant nor a copy of such
   * @param falseNegatives candidates whose probability is at least the threshold
   * @param sureOnes candidates whose probability is above {@link #SURE}
   * @param relevant what the cross-encoder says of the ranked passages that are judged relevant
   * @param examples some of the false negatives, the most probable first
   */
  public record Denoised(
      NegativeMiner.Mined mined,
      long candidates,
      long falseNegatives,
      long sureOnes,
      Relevant relevant,
      List<ScoredPair> examples) {
    public Denoised {
      examples = List.copyOf(examples);
    }
  }

  /**
   * Ranked passages that are judged relevant: they show how far the cross-encoder can be trusted.
   *
   * @param ranked how many there are
   * @param belowThreshold those that it would have called negatives
   * @param sureOnes those whose probability is above {@link #SURE}
   */
  public record Relevant(long ranked, long belowThreshold, long sureOnes) {}

  /**
   * Denoises the ranked passages of every query with a relevant passage.
   *
   * @param reranked scores are the cross-encoder's logits
   * @param sameText as {@link NegativeMiner#mine(Qrels, Run, BiPredicate)} takes it
   */
  public Denoised denoise(Qrels qrels, Run reranked, BiPredicate<String, String> sameText) {
    Tally tally = new Tally(threshold, miner.seed());
    NegativeMiner.Mined mined = miner.mine(qrels, reranked, sameText, tally::isNegative);
    return new Denoised(
        mined,
        tally.candidates,
        tally.falseNegatives,
        tally.sureOnes,
        relevant(qrels, reranked),
        tally.examples.pairs());
  }

  private Relevant relevant(Qrels qrels, Run reranked) {
    long ranked = 0;
    long belowThreshold = 0;
    long sureOnes = 0;
    for (String query : qrels.queries()) {
      for (ScoredPassage passage : miner.candidates(reranked, query)) {
        if (qrels.isRelevant(query, passage.id())) {
          double probability = ScoredPair.of(query, passage).probability();
          ranked++;
          belowThreshold += probability < threshold ? 1 : 0;
          sureOnes += probability > SURE ? 1 : 0;
        }
      }
    }
    return new Relevant(ranked, belowThreshold, sureOnes);
  }

  /** Counts the candidates as the miner asks for each of them, once. */
  private static final class Tally {
    private final double threshold;
    private final PairSample examples;
    private long candidates;
    private long falseNegatives;
    private long sureOnes;

    Tally(double threshold, long seed) {
      this.threshold = threshold;
      this.examples = new PairSample(seed);
    }

    boolean isNegative(String query, ScoredPassage ranked) {
      ScoredPair pair = ScoredPair.of(query, ranked);
      candidates++;
      if (pair.probability() < threshold) {
        return true;
      }
      falseNegatives++;
      sureOnes += pair.probability() > SURE ? 1 : 0;
      examples.add(pair);
      return false;
    }
  }
}
