package io.condenser.evaluation;

import java.util.Comparator;

/**
 * The one order of rankings, trec_eval's: by score, highest first, compared in single precision;
 * equal scores by passage id, <em>last</em> first. Ids compare as C's {@code strcmp} compares their
 * UTF-8 bytes, which is the order of their code points. The rank that a file states decides
 * nothing.
 */
public final class RankingOrder implements Comparator<ScoredPassage> {
  public static final RankingOrder INSTANCE = new RankingOrder();

  private RankingOrder() {}

  @Override
  public int compare(ScoredPassage a, ScoredPassage b) {
    return compare(a.score(), a.id(), b.score(), b.id());
  }

  /** Negative if passage {@code a} ranks before passage {@code b}; scores must not be NaN. */
  public static int compare(float scoreA, String idA, float scoreB, String idB) {
    // Not Float.compare: -0.0 and 0.0 tie.
    if (scoreA != scoreB) {
      return scoreA > scoreB ? -1 : 1;
    }
    return compareCodePoints(idB, idA);
  }

  private static int compareCodePoints(String a, String b) {
    int shorter = Math.min(a.length(), b.length());
    for (int i = 0; i < shorter; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        // A surrogate stands for a code point above U+FFFF, hence above every other char.
        boolean high = Character.isSurrogate(x);
        return high == Character.isSurrogate(y) ? Character.compare(x, y) : (high ? 1 : -1);
      }
    }
    return Integer.compare(a.length(), b.length());
  }
}
