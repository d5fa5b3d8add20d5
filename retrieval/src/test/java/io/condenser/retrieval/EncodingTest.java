package io.condenser.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.storage.DType;
import io.condenser.storage.InputException;
import io.condenser.storage.Safetensors;
import io.condenser.storage.StoredTensor;
import io.condenser.text.Query;
import io.condenser.text.RecordReader;
import io.condenser.text.TokenBatch;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncodingTest {
  private static final int PAD = 0;
  private static final int LENGTH = 20;
  private static final int BUDGET = 64;

  @TempDir private Path folder;

  /** A model whose vector is (first token, number of tokens). */
  private static float[] firstAndLength(TokenBatch batch) {
    float[] vectors = new float[batch.rows() * 2];
    for (int row = 0; row < batch.rows(); row++) {
      vectors[2 * row] = batch.ids()[row * batch.length()];
      vectors[2 * row + 1] = batch.lengths()[row];
    }
    return vectors;
  }

  /** Query i has a token i + 1, and others up to a length between 1 and 30. */
  private static int[] tokens(Query query) {
    int number = Integer.parseInt(query.text());
    int[] tokens = new int[new Random(number).nextInt(1, 31)];
    Arrays.fill(tokens, 7);
    tokens[0] = number + 1;
    return tokens;
  }

  private static Encoding<Query> encoding(Function<TokenBatch, float[]> model, int window) {
    return new Encoding<>(
        new Encoding.Texts<>("model", 2, PAD, LENGTH, Query::id, EncodingTest::tokens, model),
        BUDGET,
        window);
  }

  private static List<Query> queries(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Query("id-" + i, Integer.toString(i)))
        .toList();
  }

  @Test
  void rowsComeInTheOrderOfTheCorpusOverWindowsAndShards() {
    List<Query> queries = queries(1000);
    Path directory = folder.resolve("out");
    encoding(EncodingTest::firstAndLength, 300)
        .write(directory, new ListReader<>(queries), done -> {}, 8 * 350);
    try (EmbeddingStore store = EmbeddingStore.open(directory)) {
      assertThat(store.size()).isEqualTo(1000);
      assertThat(store.shards()).hasSize(3);
      for (EmbeddingStore.Shard shard : store.shards()) {
        for (int row = 0; row < shard.rows(); row++) {
          Query query = queries.get(shard.firstRow() + row);
          assertThat(store.id(shard.firstRow() + row)).isEqualTo(query.id());
          assertThat(shard.vectors().getAtIndex(ValueLayout.JAVA_FLOAT, 2L * row))
              .isEqualTo(tokens(query)[0]);
          assertThat(shard.vectors().getAtIndex(ValueLayout.JAVA_FLOAT, 2L * row + 1))
              .isEqualTo(tokens(query).length);
        }
      }
    }
  }

  @Test
  void theFolderIsEveryonesSafetensors() throws IOException {
    Path directory = folder.resolve("out");
    encoding(EncodingTest::firstAndLength, 100)
        .write(directory, new ListReader<>(queries(25)), done -> {}, 8 * 10);
    assertThat(directory.toFile().list())
        .containsExactlyInAnyOrder(
            "embeddings-00000-of-00003.safetensors",
            "embeddings-00001-of-00003.safetensors",
            "embeddings-00002-of-00003.safetensors",
            "embeddings.json",
            "ids.txt");
    assertThat(Files.readAllLines(directory.resolve("ids.txt")))
        .isEqualTo(queries(25).stream().map(Query::id).toList());
    try (Safetensors last =
        Safetensors.open(directory.resolve("embeddings-00002-of-00003.safetensors"))) {
      StoredTensor tensor = last.tensor("embeddings");
      assertThat(tensor.dtype()).isEqualTo(DType.F32);
      assertThat(tensor.shape()).containsExactly(5L, 2L);
      assertThat(tensor.data().getAtIndex(ValueLayout.JAVA_FLOAT, 0)).isEqualTo(21f);
    }
    encoding(EncodingTest::firstAndLength, 100)
        .write(directory, new ListReader<>(queries(25)), done -> {});
    assertThat(directory.toFile().list())
        .containsExactlyInAnyOrder("embeddings.safetensors", "embeddings.json", "ids.txt");
  }

  @Test
  void batchesStayWithinTheBudgetAndAreNearlyFull() {
    List<TokenBatch> batches = Collections.synchronizedList(new ArrayList<>());
    encoding(
            batch -> {
              batches.add(batch);
              return firstAndLength(batch);
            },
            1000)
        .embed(queries(500), done -> {});
    assertThat(batches).allMatch(batch -> batch.rows() * batch.length() <= BUDGET);
    long padded = batches.stream().mapToLong(batch -> (long) batch.rows() * batch.length()).sum();
    long tokens = batches.stream().mapToLong(TokenBatch::tokens).sum();
    assertThat(padded).isLessThan(tokens * 11 / 10);
  }

  @Test
  void textsThatReachTheLengthAreCounted() {
    List<Query> queries = queries(25);
    long reaching = queries.stream().filter(query -> tokens(query).length >= LENGTH).count();
    assertThat(reaching).isBetween(1L, 24L);
    assertThat(
            encoding(EncodingTest::firstAndLength, 10)
                .write(folder.resolve("out"), new ListReader<>(queries), done -> {}))
        .isEqualTo(new Encoding.Encoded(25, reaching));
  }

  @Test
  void aTextLongerThanTheBudgetIsABatchOfItsOwn() {
    Encoding<Query> encoding =
        new Encoding<>(
            new Encoding.Texts<>(
                "model",
                2,
                PAD,
                LENGTH,
                Query::id,
                q -> new int[100],
                EncodingTest::firstAndLength),
            BUDGET,
            10);
    assertThat(encoding.embed(queries(3), done -> {}).vectors())
        .containsExactly(0, 100, 0, 100, 0, 100);
  }

  @Test
  void aBrokenLineIsToldAsItIsAndTheOldFolderStays() throws IOException {
    Path directory = folder.resolve("out");
    encoding(EncodingTest::firstAndLength, 10)
        .write(directory, new ListReader<>(queries(3)), done -> {});
    RecordReader<Query> broken =
        new RecordReader<>() {
          private int read;

          @Override
          public @Nullable Query next() {
            if (read == 25) {
              throw new InputException("corpus.jsonl:26: broken");
            }
            return new Query("q" + read, Integer.toString(read++));
          }

          @Override
          public void close() {}
        };
    assertThatThrownBy(
            () -> encoding(EncodingTest::firstAndLength, 10).write(directory, broken, done -> {}))
        .isInstanceOf(InputException.class)
        .hasMessage("corpus.jsonl:26: broken");
    assertThat(Files.readAllLines(directory.resolve("ids.txt"))).hasSize(3);
    assertThat(folder.toFile().list()).containsExactly("out");
  }

  @Test
  void numbersThatAreNotFiniteAreRefused() {
    Encoding<Query> encoding =
        encoding(
            batch -> {
              float[] vectors = firstAndLength(batch);
              vectors[vectors.length - 1] = Float.NaN;
              return vectors;
            },
            10);
    assertThatThrownBy(() -> encoding.embed(queries(1), done -> {}))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("'id-0'")
        .hasMessageContaining("not finite");
  }

  @Test
  void anEmptyCorpusIsRefused() {
    Path directory = folder.resolve("out");
    assertThatThrownBy(() ->
            encoding(EncodingTest::firstAndLength, 10)
                .write(directory, new ListReader<>(List.of()), done -> {}))
        .isInstanceOf(InputException.class);
    assertThat(directory).doesNotExist();
  }

  @Test
  void aFolderWhosePartsDoNotFitIsRefused() throws IOException {
    Path directory = folder.resolve("out");
    encoding(EncodingTest::firstAndLength, 10)
        .write(directory, new ListReader<>(queries(5)), done -> {});
    Files.writeString(directory.resolve("ids.txt"), "one\ntwo\n");
    assertThatThrownBy(() -> EmbeddingStore.open(directory))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("ids.txt")
        .hasMessageContaining("5 embeddings");
    assertThatThrownBy(() -> EmbeddingStore.open(folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("not an embedding folder");
  }
}
