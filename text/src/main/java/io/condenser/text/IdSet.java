package io.condenser.text;

/**
 * Remembers which ids came by, 8 to 22 bytes each, by a 64-bit hash instead of the id itself. Two
 * different ids of n are taken for one with probability n² / 2⁶⁵: one in 400,000 for ten million.
 */
public final class IdSet {
  private static final double MAX_LOAD = 0.75;

  private long[] hashes = new long[1 << 10]; // 0 is free
  private int size;

  /** Adds an id; false if it was there. */
  public boolean add(String id) {
    if (size >= MAX_LOAD * hashes.length) {
      grow();
    }
    return put(hash(id));
  }

  /** Whether an id is there. */
  public boolean contains(String id) {
    long hash = hash(id);
    int slot = (int) hash & (hashes.length - 1);
    while (hashes[slot] != 0 && hashes[slot] != hash) {
      slot = (slot + 1) & (hashes.length - 1);
    }
    return hashes[slot] == hash;
  }

  /** How many. */
  public int size() {
    return size;
  }

  private boolean put(long hash) {
    int slot = (int) hash & (hashes.length - 1);
    while (hashes[slot] != 0) {
      if (hashes[slot] == hash) {
        return false;
      }
      slot = (slot + 1) & (hashes.length - 1);
    }
    hashes[slot] = hash;
    size++;
    return true;
  }

  private void grow() {
    long[] old = hashes;
    hashes = new long[Math.multiplyExact(2, old.length)];
    size = 0;
    for (long hash : old) {
      if (hash != 0) {
        put(hash);
      }
    }
  }

  private static long hash(String id) {
    long hash = id.length();
    for (int i = 0; i < id.length(); i++) {
      hash = CounterRandom.mix(hash ^ id.charAt(i));
    }
    return hash == 0 ? 1 : hash;
  }
}
