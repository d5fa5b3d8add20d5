package io.condenser.cli;

import io.condenser.storage.Fingerprint;

/**
 * The order in which things are drawn: by a hash of seed and id, whatever else there is to draw.
 */
public final class RandomPlace {
  private RandomPlace() {}

  /**
   * Where an id stands in the order of a seed: hexadecimal digits, which sort as text.
   *
   * @param kind what the ids are of, e.g. {@code passage}
   */
  public static String of(long seed, String kind, String id) {
    return new Fingerprint().add("seed", Long.toString(seed)).add(kind, id).hex();
  }
}
