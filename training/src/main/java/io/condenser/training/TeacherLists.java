package io.condenser.training;

import io.condenser.text.CounterRandom;
import io.condenser.text.Permutation;
import java.util.stream.IntStream;

/**
 * Which passages a query is compared with its teacher on: its positive, and of the others that the
 * teacher scored, shuffled once by the seed, a window that moves with the epoch.
 */
final class TeacherLists {
  private static final long STREAM = 0x74656163; // random numbers independent of others, "teac"

  private static final Listed NONE = new Listed(new int[0], new double[0]);

  private final FinetuningData.Teacher teacher;
  private final int candidates;
  private final long seed;

  /**
   * Lists of a run.
   *
   * @param candidates of each query besides its positive; fewer where there are not so many
   */
  TeacherLists(FinetuningData.Teacher teacher, int candidates, long seed) {
    this.teacher = teacher;
    this.candidates = candidates;
    this.seed = seed;
  }

  /**
   * What a query is compared on.
   *
   * @param passages rows of the passage store, the positive first
   * @param logits the teacher's
   */
  record Listed(int[] passages, double[] logits) {}

  /** The list of a query; empty if the teacher did not score its positive, or nothing else. */
  Listed of(int query, int positive, int epoch) {
    int[] scored = teacher.passages()[query];
    float[] logits = teacher.logits()[query];
    int first =
        IntStream.range(0, scored.length).filter(i -> scored[i] == positive).findFirst().orElse(-1);
    if (first < 0 || scored.length < 2) {
      return NONE;
    }
    int others = scored.length - 1;
    Permutation shuffled = new Permutation(others, CounterRandom.at(seed, STREAM, 0, query));
    int[] places = new int[1 + Math.min(candidates, others)];
    places[0] = first;
    for (int i = 1; i < places.length; i++) {
      int other = (int) shuffled.at(((long) epoch * candidates + i - 1) % others);
      places[i] = other < first ? other : other + 1; // the positive is left out
    }
    return new Listed(
        IntStream.of(places).map(place -> scored[place]).toArray(),
        IntStream.of(places).mapToDouble(place -> logits[place]).toArray());
  }
}
