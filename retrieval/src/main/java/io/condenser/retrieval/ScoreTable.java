package io.condenser.retrieval;

/** Scores by 64-bit keys, 16 to 32 bytes each. */
final class ScoreTable {
  private static final double MAX_LOAD = 0.75;

  private long[] keys = new long[1 << 10]; // 0 is free
  private float[] scores = new float[keys.length];
  private int size;

  /** Adds a score; false if there was one. */
  boolean put(long key, float score) {
    if (size >= MAX_LOAD * keys.length) {
      grow();
    }
    int slot = slot(key);
    if (keys[slot] != 0) {
      return false;
    }
    keys[slot] = stored(key);
    scores[slot] = score;
    size++;
    return true;
  }

  /** The score, or NaN if there is none. */
  float get(long key) {
    int slot = slot(key);
    return keys[slot] == 0 ? Float.NaN : scores[slot];
  }

  int size() {
    return size;
  }

  private static long stored(long key) {
    return key == 0 ? 1 : key;
  }

  /** Where a key stands, or may be put. */
  private int slot(long key) {
    long wanted = stored(key);
    int slot = (int) wanted & (keys.length - 1);
    while (keys[slot] != 0 && keys[slot] != wanted) {
      slot = (slot + 1) & (keys.length - 1);
    }
    return slot;
  }

  private void grow() {
    long[] oldKeys = keys;
    float[] oldScores = scores;
    keys = new long[Math.multiplyExact(2, oldKeys.length)];
    scores = new float[keys.length];
    size = 0;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        put(oldKeys[i], oldScores[i]);
      }
    }
  }
}
