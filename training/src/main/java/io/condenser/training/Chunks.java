package io.condenser.training;

import io.condenser.storage.InputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Cuts a batch into chunks of rows of similar length, so that little is padded. */
final class Chunks {
  /** Products of this many rows keep a processor busy; more only pads more. */
  private static final int PIECE_TOKENS = 4096;

  private Chunks() {}

  /**
   * Rows by falling length (ties by row), in chunks of at most {@code budget} tokens, padding
   * counted; a row longer than the budget is a chunk of its own.
   *
   * @param lengths {@code [B]} tokens of each row
   * @param budget tokens, at least 1; more than 4096 are not used, since they only pad more
   */
  static List<int[]> byLength(int[] lengths, int budget) {
    if (budget < 1) {
      throw new InputException("chunk-tokens is %d; expected at least 1".formatted(budget));
    }
    int[] order =
        IntStream.range(0, lengths.length)
            .boxed()
            .sorted(Comparator.comparingInt(row -> -lengths[row]))
            .mapToInt(Integer::intValue)
            .toArray();
    List<int[]> chunks = new ArrayList<>();
    for (int from = 0; from < order.length; ) {
      int rows =
          Math.clamp(
              Math.min(budget, PIECE_TOKENS) / Math.max(1, lengths[order[from]]),
              1,
              order.length - from);
      chunks.add(Arrays.copyOfRange(order, from, from + rows));
      from += rows;
    }
    return chunks;
  }

  /** Tokens of all chunks of a plan, padding counted. */
  static long tokens(int[] lengths, List<int[]> plan) {
    return plan.stream().mapToLong(rows -> (long) rows.length * lengths[rows[0]]).sum();
  }
}
