package io.condenser.evaluation;

/**
 * A passage in a ranking. Scores are single precision, as trec_eval keeps them: what ties there
 * ties here.
 *
 * @param id the passage's id
 * @param score higher is better; finite
 */
public record ScoredPassage(String id, float score) {
  public ScoredPassage {
    if (!Float.isFinite(score)) {
      throw new IllegalArgumentException(
          "passage %s: score %s; expected a finite number".formatted(id, score));
    }
  }
}
