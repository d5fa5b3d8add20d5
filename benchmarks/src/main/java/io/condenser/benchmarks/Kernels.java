package io.condenser.benchmarks;

import io.condenser.evaluation.Run;
import io.condenser.retrieval.EmbeddingStore;
import io.condenser.retrieval.Embeddings;
import io.condenser.retrieval.ExactSearch;
import io.condenser.retrieval.TopK;
import io.condenser.storage.Replacement;
import io.condenser.text.MaskedBatch;
import io.condenser.text.MaskedRow;
import io.condenser.text.Passage;
import io.condenser.text.Passages;
import io.condenser.text.RecordReader;
import io.condenser.text.WholeWordMasks;
import io.condenser.text.WordPiece;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The small parts of the work, for JMH to time one by one: each on one core, but for the search.
 * {@link KernelBench} runs them.
 */
public class Kernels {
  static final int ROWS = 512;
  static final int SPAN_LENGTH = 128;
  static final int SCORES = 1 << 20;
  static final int PASSAGES = 100_000;
  static final int DIMENSION = 384;
  static final int QUERIES = 64;
  private static final int K = 100;

  /** Ids of all texts of a corpus. */
  @Benchmark
  public int tokenize(Texts texts) {
    int tokens = 0;
    for (String text : texts.texts) {
      tokens += texts.tokenizer.encode(text).length;
    }
    return tokens;
  }

  /** Whole-word masks of spans. */
  @Benchmark
  public List<MaskedRow> mask(Spans spans) {
    List<MaskedRow> masked = new ArrayList<>(spans.rows.size());
    for (int[] row : spans.rows) {
      masked.add(spans.masks.mask(row, 0, masked.size()));
    }
    return masked;
  }

  /** Masked spans to the arrays that the model takes, 32 at a time. */
  @Benchmark
  public int batch(Spans spans) {
    int positions = 0;
    for (int from = 0; from < ROWS; from += 32) {
      List<MaskedRow> rows = spans.masked.subList(from, from + 32);
      positions += MaskedBatch.of(rows, spans.tokenizer.padId(), SPAN_LENGTH).positions().length;
    }
    return positions;
  }

  /** The best 100 of a million scores. */
  @Benchmark
  public TopK topK(Scores scores) {
    TopK top = new TopK(K, Integer::toString);
    top.offer(0, scores.scores, 0, SCORES);
    return top;
  }

  /** The best 100 of 100,000 passages for each of 64 queries. */
  @Benchmark
  public Run search(Vectors vectors) {
    return new ExactSearch(vectors.store()).search(vectors.queries, K, _ -> {});
  }

  /** Real texts where a model and a corpus are given, else made-up words of one piece each. */
  @State(Scope.Benchmark)
  public static class Texts {
    /** A model folder, or nothing. */
    @Param("")
    String model = "";

    /** A corpus, or nothing. */
    @Param("")
    String corpus = "";

    WordPiece tokenizer = SyntheticText.tokenizer();
    List<String> texts = List.of();

    static Texts of(String model, String corpus) {
      Texts texts = new Texts();
      texts.model = model;
      texts.corpus = corpus;
      texts.open();
      return texts;
    }

    @Setup
    public void open() {
      if (model.isEmpty()) {
        int[] lengths = Lengths.PASSAGES.of(ROWS, 512);
        texts = IntStream.range(0, ROWS).mapToObj(i -> SyntheticText.text(lengths[i], i)).toList();
        return;
      }
      tokenizer = WordPiece.open(Path.of(model));
      texts = new ArrayList<>();
      try (RecordReader<Passage> passages = Passages.open(Path.of(corpus))) {
        for (Passage passage = passages.next();
            passage != null && texts.size() < ROWS;
            passage = passages.next()) {
          texts.add(passage.text());
        }
      }
    }
  }

  /** Spans of real lengths. */
  @State(Scope.Benchmark)
  public static class Spans {
    final WordPiece tokenizer = SyntheticText.tokenizer();
    final WholeWordMasks masks = new WholeWordMasks(tokenizer, 1, WholeWordMasks.PROBABILITY);
    List<int[]> rows = List.of();
    List<MaskedRow> masked = List.of();

    @Setup
    public void make() {
      int[] lengths = Lengths.SPANS.of(ROWS, SPAN_LENGTH);
      rows =
          IntStream.range(0, ROWS)
              .mapToObj(i -> tokenizer.encode(SyntheticText.text(lengths[i], i), SPAN_LENGTH))
              .toList();
      masked = IntStream.range(0, ROWS).mapToObj(i -> masks.mask(rows.get(i), 0, i)).toList();
    }
  }

  /** Random scores. */
  @State(Scope.Benchmark)
  public static class Scores {
    final FloatBuffer scores =
        ByteBuffer.allocateDirect(SCORES * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer()
            .put(RandomVectors.of(new SplittableRandom(1), SCORES))
            .flip();
  }

  /** A store of random vectors. */
  @State(Scope.Benchmark)
  public static class Vectors {
    final Embeddings queries = RandomVectors.queries(QUERIES, DIMENSION);
    private @Nullable Path folder;
    private @Nullable EmbeddingStore store;

    @Setup
    public void open() throws IOException {
      folder = Files.createTempDirectory("condenser-bench");
      RandomVectors.store(folder, PASSAGES, DIMENSION);
      store = EmbeddingStore.open(folder);
    }

    EmbeddingStore store() {
      return Objects.requireNonNull(store);
    }

    @TearDown
    public void close() throws IOException {
      store().close();
      Replacement.deleteTree(Objects.requireNonNull(folder));
    }
  }
}
