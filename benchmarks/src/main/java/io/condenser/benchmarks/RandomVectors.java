package io.condenser.benchmarks;

import io.condenser.retrieval.EmbeddingWriter;
import io.condenser.retrieval.Embeddings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Vectors to search among. */
final class RandomVectors {
  private static final String MODEL = "benchmark";

  private RandomVectors() {}

  /** So many normally distributed numbers. */
  static float[] of(SplittableRandom random, int numbers) {
    float[] vectors = new float[numbers];
    for (int i = 0; i < numbers; i++) {
      vectors[i] = (float) random.nextGaussian();
    }
    return vectors;
  }

  static Embeddings queries(int count, int dimension) {
    return new Embeddings(
        MODEL,
        IntStream.range(0, count).mapToObj(i -> "q" + i).toList(),
        of(new SplittableRandom(2), count * dimension),
        dimension);
  }

  /** Writes an embedding folder. */
  static void store(Path folder, int count, int dimension) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    try (EmbeddingWriter writer = new EmbeddingWriter(folder, MODEL, dimension)) {
      for (int i = 0; i < count; i++) {
        writer.add("p" + i, of(random, dimension), 0);
      }
      writer.finish();
    }
  }
}
