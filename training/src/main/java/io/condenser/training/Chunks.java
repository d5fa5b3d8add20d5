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

  /**
   * Rows are padded to a multiple of this: tensors are then of few sizes, and the memory of one
   * fits the next.
   */
  private static final int MULTIPLE = 8;

  private Chunks() {}

  /**
   * Rows that go through the model together.
   *
   * @param rows their places in the batch
   * @param length L, what they are padded to
   */
  record Chunk(int[] rows, int length) {}

  /**
   * Rows by falling length (ties by row), in chunks of at most {@code budget} tokens, padding
   * counted; a row longer than the budget is a chunk of its own.
   *
   * @param lengths {@code [B]} tokens of each row
   * @param budget tokens, at least 1; more than 4096 are not used, since they only pad more
   * @param positions that the model has: no row is padded to more
   */
  static List<Chunk> byLength(int[] lengths, int budget, int positions) {
    if (budget < 1) {
      throw new InputException("chunk-tokens is %d; expected at least 1".formatted(budget));
    }
    int[] order =
        IntStream.range(0, lengths.length)
            .boxed()
            .sorted(Comparator.comparingInt(row -> -lengths[row]))
            .mapToInt(Integer::intValue)
            .toArray();
    List<Chunk> chunks = new ArrayList<>();
    for (int from = 0; from < order.length; ) {
      int length = padded(Math.max(1, lengths[order[from]]), positions);
      int rows = Math.clamp(Math.min(budget, PIECE_TOKENS) / length, 1, order.length - from);
      chunks.add(new Chunk(Arrays.copyOfRange(order, from, from + rows), length));
      from += rows;
    }
    return chunks;
  }

  private static int padded(int length, int positions) {
    int multiple = Math.ceilDiv(length, MULTIPLE) * MULTIPLE;
    return Math.max(length, Math.min(multiple, positions));
  }

  /** Tokens of all chunks, padding counted. */
  static long tokens(List<Chunk> chunks) {
    return chunks.stream().mapToLong(chunk -> (long) chunk.rows.length * chunk.length).sum();
  }
}
