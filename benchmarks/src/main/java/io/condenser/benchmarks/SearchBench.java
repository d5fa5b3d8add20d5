package io.condenser.benchmarks;

import io.condenser.retrieval.EmbeddingStore;
import io.condenser.retrieval.Embeddings;
import io.condenser.retrieval.ExactSearch;
import io.condenser.storage.Replacement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Exact search of random vectors.
 *
 * @param passages in the store
 * @param dimension H
 * @param queries searched at once
 * @param k passages wanted for each
 * @param times repetitions that are timed, after two that are not
 */
public record SearchBench(int passages, int dimension, int queries, int k, int times) {
  private static final int WARM = 2;

  /** Runs it. */
  public Measured run() throws IOException {
    Memory.forget();
    Path folder = Files.createTempDirectory("condenser-bench");
    try {
      RandomVectors.store(folder, passages, dimension);
      Embeddings asked = RandomVectors.queries(queries, dimension);
      try (EmbeddingStore store = EmbeddingStore.open(folder)) {
        ExactSearch search = new ExactSearch(store);
        List<Double> seconds = Timing.of(WARM, times, _ -> search.search(asked, k, _ -> {}));
        return new Measured(
            "search %,d of %,d×%d".formatted(queries, passages, dimension),
            queries,
            0,
            seconds,
            2.0 * queries * passages * dimension,
            MatrixPeak.ofProcessor(),
            Memory.peak());
      }
    } finally {
      Replacement.deleteTree(folder);
    }
  }
}
