package io.condenser.text;

import java.util.Arrays;

/**
 * A query and a passage as one row of token ids, {@code [CLS] query [SEP] passage [SEP]}: what a
 * cross-encoder takes.
 *
 * @param ids special tokens included
 * @param passageFrom the first token of the passage; from here on the segment is 1
 */
public record TokenPair(int[] ids, int passageFrom) {
  /** [CLS], and a [SEP] after each text. */
  public static final int SPECIALS = 3;

  public TokenPair {
    if (passageFrom < 1 || passageFrom > ids.length) {
      throw new IllegalArgumentException(
          "the passage begins at token %d of %d".formatted(passageFrom, ids.length));
    }
  }

  /**
   * Joins two rows. The query stays as it is, the passage is cut to what is left.
   *
   * @param query {@code [CLS] query [SEP]}
   * @param passage {@code [CLS] title [SEP] text [SEP]}, or without a title
   * @param longest tokens of the pair, at least one more than the query has
   * @throws IllegalArgumentException if the query leaves no room for a [SEP]
   */
  public static TokenPair of(int[] query, int[] passage, int longest) {
    int room = longest - query.length;
    if (room < 1) {
      throw new IllegalArgumentException(
          "a query of %d tokens leaves no room in %d".formatted(query.length, longest));
    }
    int separator = query[query.length - 1];
    int taken = Math.min(room, passage.length - 1); // its [CLS] is not taken
    int[] ids = Arrays.copyOf(query, query.length + taken);
    System.arraycopy(passage, 1, ids, query.length, taken);
    ids[ids.length - 1] = separator; // whether or not the passage was cut
    return new TokenPair(ids, query.length);
  }

  /** Tokens in all. */
  public int length() {
    return ids.length;
  }
}
