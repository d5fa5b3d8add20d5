package io.condenser.training;

import io.condenser.text.TokenPair;
import java.util.List;

/**
 * Queries with their candidates, positives and negatives. B pairs.
 *
 * @param pairs {@code [B]}
 * @param relevant {@code [B]} whether the passage is a positive
 * @param queries {@code [B]} which query of the batch a pair is of, from 0
 */
record RerankingBatch(List<TokenPair> pairs, boolean[] relevant, int[] queries) {}
