package io.condenser.retrieval;

import io.condenser.storage.Fingerprint;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Some of many pairs, every one equally likely: those whose ids and seed have the least hash. Only
 * these are held.
 */
final class PairSample {
  /** As many as people read. */
  private static final int SIZE = 10;

  private final long seed;
  private final PriorityQueue<Placed> least =
      new PriorityQueue<>(Comparator.comparing(Placed::hash).reversed());

  private record Placed(String hash, ScoredPair pair) {}

  PairSample(long seed) {
    this.seed = seed;
  }

  void add(ScoredPair pair) {
    String hash =
        new Fingerprint()
            .add("seed", Long.toString(seed))
            .add("query", pair.query())
            .add("passage", pair.passage())
            .hex();
    least.add(new Placed(hash, pair));
    if (least.size() > SIZE) {
      least.poll();
    }
  }

  /** The most probable first. */
  List<ScoredPair> pairs() {
    return least.stream()
        .sorted(
            Comparator.<Placed>comparingDouble(placed -> -placed.pair().probability())
                .thenComparing(Placed::hash))
        .map(Placed::pair)
        .toList();
  }
}
