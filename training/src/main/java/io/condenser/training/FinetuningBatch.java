package io.condenser.training;

import io.condenser.training.workers.Share;
import java.util.Arrays;
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

  /** One worker's queries, with the rows of all passages as they stand once gathered. */
  FinetuningBatch of(Share queryShare, Share passageShare) {
    int[] own = queryShare.own();
    int[] places = passageShare.places();
    return new FinetuningBatch(
        Arrays.stream(own).mapToObj(queries::get).toList(),
        Arrays.stream(passageShare.order()).mapToObj(passages::get).toList(),
        Arrays.stream(own).map(query -> places[positives[query]]).toArray(),
        Arrays.stream(own).mapToObj(query -> at(places, excluded[query])).toArray(int[][]::new),
        new DistillationLoss.Lists(
            Arrays.stream(own)
                .mapToObj(query -> at(places, taught.rows()[query]))
                .toArray(int[][]::new),
            Arrays.stream(own).mapToObj(query -> taught.logits()[query]).toArray(double[][]::new)));
  }

  private static int[] at(int[] places, int[] rows) {
    return Arrays.stream(rows).map(row -> places[row]).toArray();
  }
}
