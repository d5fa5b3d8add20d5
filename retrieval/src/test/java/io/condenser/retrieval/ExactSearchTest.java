package io.condenser.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.evaluation.RankingOrder;
import io.condenser.evaluation.Run;
import io.condenser.evaluation.ScoredPassage;
import io.condenser.storage.InputException;
import io.condenser.storage.Replacement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExactSearchTest {
  private static final String MODEL = "f".repeat(64);

  /** Small whole numbers: inner products are exact in float32, and ties are frequent. */
  private static Embeddings vectors(String prefix, int count, int dimension, Random random) {
    float[] values = new float[count * dimension];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(-2, 3);
    }
    List<String> ids = IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    return new Embeddings(MODEL, ids, values, dimension);
  }

  private static EmbeddingStore stored(Path directory, Embeddings all, int rowsPerShard)
      throws IOException {
    Files.createDirectory(directory);
    try (EmbeddingWriter writer =
        new EmbeddingWriter(
            directory, all.model(), all.dimension(), 4L * all.dimension() * rowsPerShard)) {
      for (int i = 0; i < all.size(); i++) {
        writer.add(all.ids().get(i), all.vectors(), i * all.dimension());
      }
      writer.finish();
    }
    return EmbeddingStore.open(directory);
  }

  private static List<ScoredPassage> bruteForce(
      Embeddings passages, Embeddings queries, int query, int k) {
    int dimension = passages.dimension();
    return IntStream.range(0, passages.size())
        .mapToObj(p -> {
          float product = 0;
          for (int h = 0; h < dimension; h++) {
            product +=
                passages.vectors()[p * dimension + h] * queries.vectors()[query * dimension + h];
          }
          return new ScoredPassage(passages.ids().get(p), product);
        })
        .sorted(RankingOrder.INSTANCE)
        .limit(k)
        .toList();
  }

  @Property(tries = 60)
  void findsWhatComparingAllFinds(
      @ForAll @IntRange(min = 1, max = 200) int passages,
      @ForAll @IntRange(min = 1, max = 6) int dimension,
      @ForAll @IntRange(min = 1, max = 40) int rowsPerShard,
      @ForAll @IntRange(min = 1, max = 4) int queryCount,
      @ForAll @IntRange(min = 1, max = 100) int scoresAtOnce,
      @ForAll @IntRange(min = 1, max = 250) int k,
      @ForAll long seed)
      throws IOException {
    Random random = new Random(seed);
    Embeddings corpus = vectors("p", passages, dimension, random);
    Embeddings queries = vectors("q", queryCount, dimension, random);
    Path directory = Files.createTempDirectory("exact");
    try (EmbeddingStore store = stored(directory.resolve("store"), corpus, rowsPerShard)) {
      Run run = new ExactSearch(store, scoresAtOnce).search(queries, k, done -> {});
      for (int q = 0; q < queries.size(); q++) {
        assertThat(run.ranking("q" + q)).isEqualTo(bruteForce(corpus, queries, q, k));
      }
    } finally {
      Replacement.deleteTree(directory);
    }
  }

  @Test
  void anotherModelsQueriesAreRefused(@TempDir Path folder) throws IOException {
    Embeddings corpus = vectors("p", 3, 2, new Random(1));
    try (EmbeddingStore store = stored(folder.resolve("store"), corpus, 10)) {
      Embeddings foreign = new Embeddings("0".repeat(64), List.of("q"), new float[2], 2);
      assertThatThrownBy(() -> new ExactSearch(store).search(foreign, 1, done -> {}))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("another model")
          .hasMessageContaining("encode the corpus again");
    }
  }
}
