package io.condenser.text;

import java.util.Arrays;
import java.util.List;

/**
 * Token sequences side by side, padded to the longest: what the model takes. B rows, L tokens.
 *
 * @param rows B
 * @param length L, the longest row
 * @param ids {@code [B × L]} row-major, padded with {@code padId}
 * @param lengths {@code [B]} tokens of each row that are not padding; at least 1
 * @param tokenTypes {@code [B × L]} segment of each token (0 or 1), all 0 for single texts
 */
public record TokenBatch(int rows, int length, int[] ids, int[] lengths, int[] tokenTypes) {
  public TokenBatch {
    if (ids.length != rows * length || tokenTypes.length != ids.length || lengths.length != rows) {
      throw new IllegalArgumentException(
          "%d × %d tokens do not fit %d ids, %d types, %d lengths"
              .formatted(rows, length, ids.length, tokenTypes.length, lengths.length));
    }
  }

  /** Pads sequences of ids (each with its special tokens in place) to the longest of them. */
  public static TokenBatch of(List<int[]> sequences, int padId) {
    return of(sequences, padId, sequences.stream().mapToInt(s -> s.length).max().orElse(0));
  }

  /**
   * Pads sequences of ids to a given length.
   *
   * @param length L, at least the longest of them
   */
  public static TokenBatch of(List<int[]> sequences, int padId, int length) {
    int[] ids = new int[sequences.size() * length];
    Arrays.fill(ids, padId);
    int[] lengths = new int[sequences.size()];
    for (int row = 0; row < lengths.length; row++) {
      int[] sequence = sequences.get(row);
      if (sequence.length == 0) {
        throw new IllegalArgumentException("row " + row + " has no tokens");
      }
      System.arraycopy(sequence, 0, ids, row * length, sequence.length);
      lengths[row] = sequence.length;
    }
    return new TokenBatch(lengths.length, length, ids, lengths, new int[ids.length]);
  }

  /**
   * Pads pairs to a given length; padding is of segment 0.
   *
   * @param length L, at least the longest of them
   */
  public static TokenBatch ofPairs(List<TokenPair> pairs, int padId, int length) {
    TokenBatch batch = of(pairs.stream().map(TokenPair::ids).toList(), padId, length);
    for (int row = 0; row < batch.rows; row++) {
      int start = row * length;
      int from = start + pairs.get(row).passageFrom();
      Arrays.fill(batch.tokenTypes, from, start + batch.lengths[row], 1);
    }
    return batch;
  }

  /** Rows {@code from} (inclusive) to {@code to} (exclusive), padded to the longest of them. */
  public TokenBatch slice(int from, int to) {
    int longest = Arrays.stream(lengths, from, to).max().orElse(0);
    int[] part = new int[(to - from) * longest];
    int[] types = new int[part.length];
    for (int row = from; row < to; row++) {
      System.arraycopy(ids, row * length, part, (row - from) * longest, longest);
      System.arraycopy(tokenTypes, row * length, types, (row - from) * longest, longest);
    }
    return new TokenBatch(to - from, longest, part, Arrays.copyOfRange(lengths, from, to), types);
  }

  /** All rows' tokens that are not padding. */
  public long tokens() {
    return Arrays.stream(lengths).asLongStream().sum();
  }
}
