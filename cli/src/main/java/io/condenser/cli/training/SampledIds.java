package io.condenser.cli.training;

import io.condenser.cli.RandomPlace;
import io.condenser.text.Passage;
import io.condenser.text.Passages;
import io.condenser.text.RecordReader;
import java.nio.file.Path;
import java.util.Collection;
import java.util.TreeMap;

/** Some passages of a corpus, drawn at random. */
final class SampledIds {
  private SampledIds() {}

  /** Ids of so many passages, or of all there are, in random order. */
  static Collection<String> of(Path corpus, int count, long seed) {
    TreeMap<String, String> least = new TreeMap<>(); // ids by a hash
    try (RecordReader<Passage> passages = Passages.open(corpus)) {
      for (Passage p = passages.next(); p != null; p = passages.next()) {
        least.put(RandomPlace.of(seed, "passage", p.id()), p.id());
        if (least.size() > count) {
          least.pollLastEntry();
        }
      }
    }
    return least.values();
  }
}
