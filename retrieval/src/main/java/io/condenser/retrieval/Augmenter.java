package io.condenser.retrieval;

import io.condenser.evaluation.Qrels;
import io.condenser.evaluation.Run;
import io.condenser.storage.InputException;
import java.util.List;
import java.util.Set;

/**
 * Data augmentation (RocketQA §3.2.3): a cross-encoder labels what was found for queries that
 * nobody judged. The best passages of those that it is sure of are pseudo-positives;
 * pseudo-negatives are drawn as denoised hard negatives are, with the pseudo-positives as
 * judgments. The others are left out.
 *
 * @param positiveAbove a pseudo-positive's probability is above this; at least the threshold of
 *     {@code negatives}, below 1
 * @param positives of a query at most, its best; at least 1, which is what RocketQA's code takes
 * @param negatives how pseudo-negatives are drawn, from the ranks that pseudo-positives are of, too
 */
public record Augmenter(double positiveAbove, int positives, Denoiser negatives) {
  public Augmenter {
    if (!(positiveAbove >= negatives.threshold() && positiveAbove < 1)) {
      throw new InputException(
          "positive-above is %s; expected a probability of at least negative-below, %s, and below 1"
              .formatted(positiveAbove, negatives.threshold()));
    }
    if (positives < 1) {
      throw new InputException("positives is %d; expected at least 1".formatted(positives));
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
    Qrels.Builder judged = new Qrels.Builder();
    PairSample examples = new PairSample(negatives.miner().seed());
    int ranked = 0;
    for (String query : reranked.queries()) {
      if (!queries.contains(query)) {
        continue;
      }
      ranked++;
      negatives.miner().candidates(reranked, query).stream()
          .map(passage -> ScoredPair.of(query, passage))
          .filter(pair -> pair.probability() > positiveAbove)
          .limit(positives)
          .forEach(pair -> {
            judged.add(query, pair.passage(), 1);
            examples.add(pair);
          });
    }
    Qrels sure = judged.build();
    Denoiser.Denoised denoised = negatives.denoise(sure, reranked, (relevant, passage) -> false);
    return new Augmented(
        ranked, sure, denoised.mined(), denoised.falseNegatives(), examples.pairs());
  }
}
