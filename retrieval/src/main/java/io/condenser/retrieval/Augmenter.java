package io.condenser.retrieval;

import io.condenser.evaluation.Qrels;
import io.condenser.evaluation.Run;
import io.condenser.evaluation.ScoredPassage;
import io.condenser.storage.InputException;
import java.util.List;
import java.util.Set;

/**
 * Data augmentation (RocketQA §3.2.3): a cross-encoder labels what was found for queries that
 * nobody judged. Passages that it is sure of are pseudo-positives; pseudo-negatives are drawn as
 * denoised hard negatives are, with the pseudo-positives as judgments. What it is unsure of is left
 * out.
 *
 * @param positiveAbove a pseudo-positive's probability is above this; at least the threshold of
 *     {@code negatives}, below 1
 * @param negatives how pseudo-negatives are drawn, from the ranks that pseudo-positives are of, too
 */
public record Augmenter(double positiveAbove, Denoiser negatives) {
  public Augmenter {
    if (!(positiveAbove >= negatives.threshold() && positiveAbove < 1)) {
      throw new InputException(
          "positive-above is %s; expected a probability of at least negative-below, %s, and below 1"
              .formatted(positiveAbove, negatives.threshold()));
    }
  }

  /**
   * Labels by a cross-encoder.
   *
   * @param queries that were ranked
   * @param positives pseudo-positives, of grade 1, of the queries that have any
   * @param mined pseudo-negatives of those queries
   * @param unsure passages of those queries that are neither
   * @param examples some of the pseudo-positives
   */
  public record Augmented(
      int queries,
      Qrels positives,
      NegativeMiner.Mined mined,
      long unsure,
      List<ScoredPair> examples) {
    public Augmented {
      examples = List.copyOf(examples);
    }
  }

  /**
   * Labels the rankings of some queries.
   *
   * @param reranked scores are the cross-encoder's logits
   */
  public Augmented augment(Run reranked, Set<String> queries) {
    Qrels.Builder positives = new Qrels.Builder();
    PairSample examples = new PairSample(negatives.miner().seed());
    int ranked = 0;
    for (String query : reranked.queries()) {
      if (!queries.contains(query)) {
        continue;
      }
      ranked++;
      for (ScoredPassage passage : negatives.miner().candidates(reranked, query)) {
        ScoredPair pair = ScoredPair.of(query, passage);
        if (pair.probability() > positiveAbove) {
          positives.add(query, passage.id(), 1);
          examples.add(pair);
        }
      }
    }
    Qrels sure = positives.build();
    Denoiser.Denoised denoised = negatives.denoise(sure, reranked, (relevant, passage) -> false);
    return new Augmented(
        ranked, sure, denoised.mined(), denoised.falseNegatives(), examples.pairs());
  }
}
