package io.condenser.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Times repeated work. */
final class Timing {
  private static final double NANO = 1e-9;

  private Timing() {}

  /** Work that may fail while it reads or writes. */
  @FunctionalInterface
  interface Work {
    void run(int repetition) throws IOException;
  }

  /**
   * Seconds of each repetition.
   *
   * @param warm repetitions before those that are timed
   */
  static List<Double> of(int warm, int times, Work work) throws IOException {
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i < warm + times; i++) {
      long start = System.nanoTime();
      work.run(i);
      if (i >= warm) {
        seconds.add((System.nanoTime() - start) * NANO);
      }
    }
    return List.copyOf(seconds);
  }
}
