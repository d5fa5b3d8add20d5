package io.condenser.text;

/**
 * A pseudo-random order of 0 to n − 1 that is computed place by place instead of shuffled in
 * memory: a Feistel network permutes the next power of four, and whatever falls outside walks on
 * along its cycle until it falls inside (Black & Rogaway 2002, "Ciphers with arbitrary finite
 * domains"), fewer than four steps on average.
 */
public final class Permutation {
  private static final int ROUNDS = 8;

  private final long size;
  private final int halfBits;
  private final long halfMask;
  private final long[] keys = new long[ROUNDS];

  /**
   * An order.
   *
   * @param size n, at least 1 and at most 2⁶²
   * @param random whose first draws choose the order
   */
  public Permutation(long size, CounterRandom random) {
    if (size < 1 || size > 1L << 62) {
      throw new IllegalArgumentException("size " + size + " is not within 1 to 2^62");
    }
    this.size = size;
    int bits = Long.SIZE - Long.numberOfLeadingZeros(size - 1);
    halfBits = Math.max(1, (bits + 1) / 2);
    halfMask = (1L << halfBits) - 1;
    for (int round = 0; round < ROUNDS; round++) {
      keys[round] = random.bits(round);
    }
  }

  /** n. */
  public long size() {
    return size;
  }

  /**
   * What stands at a place of the order.
   *
   * @param position from 0 to before {@link #size()}
   */
  public long at(long position) {
    if (position < 0 || position >= size) {
      throw new IllegalArgumentException("position %d of %d".formatted(position, size));
    }
    long value = network(position);
    while (value >= size) {
      value = network(value);
    }
    return value;
  }

  private long network(long value) {
    long left = value >>> halfBits;
    long right = value & halfMask;
    for (long key : keys) {
      long mixed = left ^ (CounterRandom.mix(key + right) & halfMask);
      left = right;
      right = mixed;
    }
    return (left << halfBits) | right;
  }
}
