package io.condenser.cli.training;

import io.condenser.cli.RandomSample;
import io.condenser.text.Passage;
import io.condenser.text.Passages;
import io.condenser.text.RecordReader;
import java.nio.file.Path;
import java.util.Collection;

/** Some passages of a corpus, drawn at random. */
final class SampledIds {
  private SampledIds() {}

  /** Ids of so many passages, or of all there are, in random order. */
  static Collection<String> of(Path corpus, int count, long seed) {
    RandomSample sample = new RandomSample(seed, "passage", count);
    try (RecordReader<Passage> passages = Passages.open(corpus)) {
      for (Passage p = passages.next(); p != null; p = passages.next()) {
        sample.offer(p.id());
      }
    }
    return sample.ids();
  }
}
