package io.condenser.retrieval;

import io.condenser.evaluation.ScoredPassage;

/**
 * A query and a passage, and how likely a cross-encoder holds the passage to be relevant.
 *
 * @param probability from 0 to 1
 */
public record ScoredPair(String query, String passage, double probability) {

  /** A pair of a reranked run, whose score is a logit: the probability is its sigmoid. */
  public static ScoredPair of(String query, ScoredPassage ranked) {
    return new ScoredPair(query, ranked.id(), 1 / (1 + Math.exp(-ranked.score())));
  }
}
