package io.condenser.training;

import java.util.List;
import java.util.function.IntFunction;

/**
 * What a bi-encoder is fine-tuned on. Passages are named by their row in the passage store.
 *
 * @param queries token ids of each query
 * @param positives {@code [query][]} rows judged relevant; at least one each
 * @param negatives {@code [source][query][]} hard negatives of each source (BM25, mined); every
 *     source makes an instance of every query. Empty for in-batch negatives alone
 * @param passages token ids of a passage by its row
 * @param passageCount rows of the passage store; random ones stand in where negatives are too few
 */
public record FinetuningData(
    List<int[]> queries,
    int[][] positives,
    List<int[][]> negatives,
    IntFunction<int[]> passages,
    int passageCount) {
  public FinetuningData {
    queries = List.copyOf(queries);
    negatives = List.copyOf(negatives);
    for (int query = 0; query < positives.length; query++) {
      if (positives[query].length == 0) {
        throw new IllegalArgumentException("query " + query + " has no positive passage");
      }
    }
  }

  /** Pairs of a query and a source of negatives: what one epoch passes over. */
  long instances() {
    return (long) queries.size() * Math.max(1, negatives.size());
  }
}
