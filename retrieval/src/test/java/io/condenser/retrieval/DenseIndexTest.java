package io.condenser.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import io.condenser.evaluation.Run;
import io.condenser.evaluation.ScoredPassage;
import io.condenser.text.Query;
import io.condenser.text.TokenBatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DenseIndexTest {
  private static final int PASSAGES = 7;

  @TempDir private Path folder;

  /** One-hot: text i has the vector of i modulo 7. */
  private static float[] oneHot(TokenBatch batch) {
    float[] vectors = new float[batch.rows() * PASSAGES];
    for (int row = 0; row < batch.rows(); row++) {
      int number = batch.ids()[row * batch.length()] - 1;
      vectors[row * PASSAGES + number % PASSAGES] = 1;
    }
    return vectors;
  }

  private static Encoding<Query> encoding() {
    Function<Query, int[]> tokens = query -> new int[] {Integer.parseInt(query.text()) + 1};
    return new Encoding<>(
        new Encoding.Texts<>("model", PASSAGES, 0, 32, Query::id, tokens, DenseIndexTest::oneHot),
        Encoding.TOKENS_PER_BATCH,
        Encoding.TOKENS_PER_BATCH);
  }

  private static List<Query> texts(String prefix, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Query(prefix + i, Integer.toString(i)))
        .toList();
  }

  @Test
  void moreQueriesThanAreVectorsAtATimeAllFindTheirPassages() {
    Path embeddings = folder.resolve("embeddings");
    encoding().write(embeddings, new ListReader<>(texts("p", PASSAGES)), done -> {});
    List<Query> queries = texts("q", 16 * 1024 + 5);
    List<Long> progress = new ArrayList<>();

    Run run;
    try (DenseIndex index =
        new DenseIndex(encoding(), EmbeddingStore.open(embeddings), () -> progress.add(-1L))) {
      run = index.search(queries, 1, progress::add);
    }

    assertThat(run.queries()).hasSize(queries.size());
    for (int i = 0; i < queries.size(); i++) {
      assertThat(run.ranking("q" + i)).containsExactly(new ScoredPassage("p" + i % PASSAGES, 1));
    }
    assertThat(progress).as("the model is closed last").last().isEqualTo(-1L);
    assertThat(progress.subList(0, progress.size() - 1))
        .isSorted()
        .last()
        .isEqualTo((long) queries.size());
  }
}
