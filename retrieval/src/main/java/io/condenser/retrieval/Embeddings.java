package io.condenser.retrieval;

import java.util.Arrays;
import java.util.List;

/**
 * Vectors in memory, of queries usually.
 *
 * @param model fingerprint of the model that made them
 * @param ids Q ids
 * @param vectors {@code [Q × H]} row-major
 * @param dimension H
 */
public record Embeddings(String model, List<String> ids, float[] vectors, int dimension) {
  public Embeddings {
    ids = List.copyOf(ids);
    if (vectors.length != ids.size() * dimension) {
      throw new IllegalArgumentException(
          "%d ids × %d do not fit %d numbers".formatted(ids.size(), dimension, vectors.length));
    }
  }

  /** Q, the number of vectors. */
  public int size() {
    return ids.size();
  }

  /** Rows {@code from} (inclusive) to {@code to} (exclusive). */
  Embeddings slice(int from, int to) {
    float[] part = Arrays.copyOfRange(vectors, from * dimension, to * dimension);
    return new Embeddings(model, ids.subList(from, to), part, dimension);
  }
}
