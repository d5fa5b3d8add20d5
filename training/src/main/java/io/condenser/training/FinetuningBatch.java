package io.condenser.training;

import java.util.List;

/**
 * Queries with their passages. Q queries, P passages.
 *
 * @param queries token ids of each query
 * @param passages token ids of each passage: every query's positive, then its negatives
 * @param positives {@code [Q]} the row of each query's positive among the passages
 * @param excluded {@code [Q][]} rows of passages that are no negatives of a query, because they are
 *     judged relevant to it too
 */
record FinetuningBatch(
    List<int[]> queries, List<int[]> passages, int[] positives, int[][] excluded) {}
