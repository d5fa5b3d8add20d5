package io.condenser.text;

/**
 * Random numbers without state: each is a pure function of what it is for, so that any one can be
 * drawn again, in any order, on any machine.
 *
 * <p>A place in the work, (seed, stream, epoch, position), is hashed to a key; draw number i at
 * that place is a hash of key and i. The hash is the output function of SplitMix64 (Steele, Lea &
 * Flood 2014), whose sequence the draws of one place are.
 *
 * @param key what the place is hashed to
 */
public record CounterRandom(long key) {
  /** What lies between two numbers of SplitMix64's counter. */
  public static final long GOLDEN = 0x9E3779B97F4A7C15L;

  /**
   * The factors of its output function, and how far numbers are shifted before each and at last.
   */
  public static final long FACTOR_1 = 0xBF58476D1CE4E5B9L;

  public static final long FACTOR_2 = 0x94D049BB133111EBL;
  public static final int SHIFT_1 = 30;
  public static final int SHIFT_2 = 27;
  public static final int SHIFT_3 = 31;

  /**
   * The random numbers of one place in the work.
   *
   * @param seed the run's
   * @param stream what they are for; streams are independent of each other
   * @param epoch pass over the data, from 0
   * @param position place in the epoch's order, from 0
   */
  public static CounterRandom at(long seed, long stream, long epoch, long position) {
    long key = mix(seed + GOLDEN);
    key = mix((key ^ stream) + GOLDEN);
    key = mix((key ^ epoch) + GOLDEN);
    return new CounterRandom(mix((key ^ position) + GOLDEN));
  }

  /** 64 random bits: draw number {@code draw}, from 0. */
  public long bits(long draw) {
    return mix(key + (draw + 1) * GOLDEN);
  }

  /** A number from 0 (inclusive) to 1 (exclusive), a multiple of 2⁻⁵³. */
  public double uniform(long draw) {
    return (bits(draw) >>> 11) * 0x1p-53;
  }

  /**
   * A whole number from 0 to below {@code bound}, all equally likely: a draw that would favour the
   * smaller ones is hashed again (Lemire 2019, arXiv 1805.10941).
   *
   * @throws IllegalArgumentException if {@code bound} is below 1
   */
  public int below(int bound, long draw) {
    if (bound < 1) {
      throw new IllegalArgumentException("bound " + bound + " is below 1");
    }
    long bits = bits(draw);
    long product = (bits >>> 32) * bound;
    long unfair = (1L << 32) % bound;
    while ((product & 0xFFFFFFFFL) < unfair) {
      bits = mix(bits + GOLDEN);
      product = (bits >>> 32) * bound;
    }
    return (int) (product >>> 32);
  }

  /** The output function of SplitMix64, a bijection of 64 bits. */
  static long mix(long z) {
    z = (z ^ (z >>> SHIFT_1)) * FACTOR_1;
    z = (z ^ (z >>> SHIFT_2)) * FACTOR_2;
    return z ^ (z >>> SHIFT_3);
  }
}
