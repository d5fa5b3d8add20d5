package io.condenser.training;

import java.util.List;

/**
 * Queries with their passages. Q queries, P passages.
 *
 * @param queries token ids of each query
 * @param passages token ids of each passage: every query's positive, then its negatives, then those
 *     that it is compared with its teacher on
 * @param positives {@code [Q]} the row of each query's positive among the passages
 * @param excluded {@code [Q][]} rows of passages that are no negatives of a query, because they are
 *     judged relevant to it too, or are there for the teacher to say how relevant they are
 * @param taught what each query is compared with its teacher on; empty lists without one
 */
record FinetuningBatch(
    List<int[]> queries,
    List<int[]> passages,
    int[] positives,
    int[][] excluded,
    DistillationLoss.Lists taught) {

  /** A batch without a teacher. */
  FinetuningBatch(List<int[]> queries, List<int[]> passages, int[] positives, int[][] excluded) {
    this(
        queries,
        passages,
        positives,
        excluded,
        new DistillationLoss.Lists(new int[queries.size()][0], new double[queries.size()][0]));
  }
}
