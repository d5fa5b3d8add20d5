package io.condenser.training;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What a bi-encoder is fine-tuned on. Passages are named by their row in the passage store.
 *
 * @param queries token ids of each query
 * @param positives {@code [query][]} rows judged relevant; at least one each
 * @param negatives {@code [source][query][]} hard negatives of each source (BM25, mined); every
 *     source makes an instance of each query that it has negatives of, and a query that none has
 *     any of makes one. May be empty
 * @param passages token ids of a passage by its row
 * @param randoms rows of random passages, which stand in where negatives are too few
 * @param teacher whose scores are learned from; null without one
 */
public record FinetuningData(
    List<int[]> queries,
    int[][] positives,
    List<int[][]> negatives,
    IntFunction<int[]> passages,
    int[] randoms,
    @Nullable Teacher teacher) {

  /**
   * A cross-encoder's scores of passages for each query.
   *
   * @param passages {@code [query][]} rows of the passages that it scored; none of a query that it
   *     did not see
   * @param logits {@code [query][]} its scores of them
   */
  public record Teacher(int[][] passages, float[][] logits) {}

  /** Data without a teacher. */
  public FinetuningData(
      List<int[]> queries,
      int[][] positives,
      List<int[][]> negatives,
      IntFunction<int[]> passages,
      int[] randoms) {
    this(queries, positives, negatives, passages, randoms, null);
  }

  public FinetuningData {
    queries = List.copyOf(queries);
    negatives = List.copyOf(negatives);
    for (int query = 0; query < positives.length; query++) {
      if (positives[query].length == 0) {
        throw new IllegalArgumentException("query " + query + " has no positive passage");
      }
    }
  }

  /**
   * What one epoch passes over: pairs of a query and a source of its negatives, the first source
   * for a query that none has negatives of. A pair is source × queries + query.
   */
  long[] instances() {
    LongStream all = LongStream.empty();
    int count = queries.size();
    for (int source = 0; source < Math.max(1, negatives.size()); source++) {
      int each = source;
      LongStream some =
          IntStream.range(0, count)
              .filter(query -> isInstance(query, each))
              .mapToLong(query -> (long) each * count + query);
      all = LongStream.concat(all, some);
    }
    return all.toArray();
  }

  private boolean isInstance(int query, int source) {
    if (source == 0 && negatives.stream().allMatch(some -> some[query].length == 0)) {
      return true;
    }
    return !negatives.isEmpty() && negatives.get(source)[query].length > 0;
  }
}
