package io.condenser.text;

import io.condenser.storage.InputException;

/**
 * How sentences are packed into spans: greedily, as many as fit.
 *
 * @param length longest span in tokens, its [CLS] and [SEP] counted; 16 to 512
 * @param shorter probability with which a span aims at a shorter length, drawn uniformly; 0 to 1
 * @param seed of those draws
 */
public record Packing(int length, double shorter, long seed) {
  /** The papers' share of shorter spans. */
  public static final double SHORTER = 0.1;

  /** [CLS] and [SEP]. */
  static final int SPECIALS = 2;

  private static final int LEAST = 16;
  private static final int MOST = 512;

  public Packing {
    if (length < LEAST || length > MOST) {
      throw new InputException(
          "span length is %d; expected %d to %d tokens".formatted(length, LEAST, MOST));
    }
    if (!(shorter >= 0 && shorter <= 1)) {
      throw new InputException(
          "the share of shorter spans is %s; expected 0 to 1".formatted(shorter));
    }
  }

  /** Pieces of a span, [CLS] and [SEP] not counted, that the {@code span}-th one aims at. */
  int target(long span) {
    CounterRandom random = CounterRandom.at(seed, STREAM, 0, span);
    int most = length - SPECIALS;
    return random.uniform(0) < shorter ? 1 + random.below(most, 1) : most;
  }

  private static final long STREAM = 0x7061636b; // "pack"
}
