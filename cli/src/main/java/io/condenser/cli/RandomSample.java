package io.condenser.cli;

import java.util.Collection;
import java.util.TreeMap;

/**
 * The first so many ids in the {@link RandomPlace order of a seed}, while all pass by: whatever
 * else there is to draw, an id that comes before another is taken before it. Only those in the
 * sample are held.
 */
public final class RandomSample {
  private final long seed;
  private final String kind;
  private final long count;
  private final TreeMap<String, String> first = new TreeMap<>(); // ids by their places

  /**
   * An empty sample.
   *
   * @param kind what the ids are of, e.g. {@code passage}
   * @param count at most so many
   */
  public RandomSample(long seed, String kind, long count) {
    this.seed = seed;
    this.kind = kind;
    this.count = count;
  }

  /** Takes an id into the sample, as long as there are not enough that come before it. */
  public void offer(String id) {
    first.put(RandomPlace.of(seed, kind, id), id);
    if (first.size() > count) {
      first.pollLastEntry();
    }
  }

  /** The sample, in the order of the seed. */
  public Collection<String> ids() {
    return first.values();
  }
}
