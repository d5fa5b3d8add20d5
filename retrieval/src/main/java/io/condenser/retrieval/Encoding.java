package io.condenser.retrieval;

import io.condenser.model.RetrievalModel;
import io.condenser.storage.InputException;
import io.condenser.storage.Replacement;
import io.condenser.text.Passage;
import io.condenser.text.Query;
import io.condenser.text.RecordReader;
import io.condenser.text.TokenBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/**
 * Turns texts into vectors: reads a window of texts, sorts it by length so that batches hold little
 * padding, and puts the vectors back in the order read. While the model works on a window, the next
 * is read and tokenised on a thread of its own.
 *
 * @param <T> what is encoded: {@link Passage} or {@link Query}
 */
public final class Encoding<T> {
  /** Tokens of a batch, padding included: 64 passages of 128. */
  public static final int TOKENS_PER_BATCH = 8192;

  private static final int WINDOW = 8192;

  private final Texts<T> texts;
  private final int tokensPerBatch;
  private final int window;

  /**
   * How one kind of text becomes vectors.
   *
   * @param model fingerprint of the model
   * @param dimension H
   * @param padId token that fills rows up
   * @param length tokens at which a text is cut
   * @param id of a text
   * @param tokens of a text; called from another thread
   * @param embed B rows of tokens to {@code [B × H]} numbers
   */
  record Texts<T>(
      String model,
      int dimension,
      int padId,
      int length,
      Function<T, String> id,
      Function<T, int[]> tokens,
      Function<TokenBatch, float[]> embed) {}

  /**
   * What was encoded.
   *
   * @param texts how many
   * @param reaching how many of them reach the length at which the model cuts
   */
  public record Encoded(long texts, long reaching) {}

  /** A text on its way: where it stood in its window, and its tokens. */
  private record Row(int position, String id, int[] tokens) {}

  /** Takes vectors in the order of the texts: H numbers of {@code vectors} from {@code from} on. */
  @FunctionalInterface
  interface Sink {
    void accept(String id, float[] vectors, int from) throws IOException;
  }

  Encoding(Texts<T> texts, int tokensPerBatch, int window) {
    if (tokensPerBatch < 1) {
      throw new InputException(
          "tokens per batch is %d; expected at least 1".formatted(tokensPerBatch));
    }
    this.texts = texts;
    this.tokensPerBatch = tokensPerBatch;
    this.window = window;
  }

  /**
   * Encodes passages.
   *
   * @param tokensPerBatch rows × longest row of a batch is at most this, unless one row is longer
   */
  public static Encoding<Passage> passages(RetrievalModel model, int tokensPerBatch) {
    Function<Passage, int[]> tokens = model::tokens;
    return new Encoding<>(
        new Texts<>(
            model.fingerprint(),
            model.dimension(),
            model.tokenizer().padId(),
            model.config().passageLength(),
            Passage::id,
            tokens,
            model::embedPassages),
        tokensPerBatch,
        WINDOW);
  }

  /** Encodes queries; see {@link #passages}. */
  public static Encoding<Query> queries(RetrievalModel model, int tokensPerBatch) {
    Function<Query, int[]> tokens = model::tokens;
    return new Encoding<>(
        new Texts<>(
            model.fingerprint(),
            model.dimension(),
            model.tokenizer().padId(),
            model.config().queryLength(),
            Query::id,
            tokens,
            model::embedQueries),
        tokensPerBatch,
        WINDOW);
  }

  /**
   * Encodes all texts into an embedding folder, in place of whatever {@code directory} held.
   *
   * @param progress is told how many texts are encoded
   * @throws InputException if there are no texts, or the model gives numbers that are not finite
   */
  public Encoded write(Path directory, RecordReader<T> reader, LongConsumer progress) {
    return write(directory, reader, progress, EmbeddingWriter.SHARD_BYTES);
  }

  Encoded write(Path directory, RecordReader<T> reader, LongConsumer progress, long shardBytes) {
    Encoded[] encoded = new Encoded[1];
    Replacement.directory(
        directory,
        aside -> {
          try (EmbeddingWriter writer =
              new EmbeddingWriter(aside, texts.model(), texts.dimension(), shardBytes)) {
            encoded[0] = encode(reader, writer::add, progress);
            if (encoded[0].texts() == 0) {
              throw new InputException("there are no texts to encode; the file is empty");
            }
            writer.finish();
          }
        });
    return encoded[0];
  }

  /** Encodes texts into memory. */
  public Embeddings embed(List<T> all, LongConsumer progress) {
    float[] vectors = new float[Math.multiplyExact(all.size(), texts.dimension())];
    List<String> ids = new ArrayList<>(all.size());
    try {
      encode(
          over(all),
          (id, rows, from) -> {
            System.arraycopy(
                rows, from, vectors, ids.size() * texts.dimension(), texts.dimension());
            ids.add(id);
          },
          progress);
    } catch (IOException e) {
      throw new AssertionError("memory does not fail to be written", e);
    }
    return new Embeddings(texts.model(), ids, vectors, texts.dimension());
  }

  private Encoded encode(RecordReader<T> reader, Sink sink, LongConsumer progress)
      throws IOException {
    long done = 0;
    long reaching = 0;
    try (ExecutorService background = Executors.newSingleThreadExecutor()) {
      List<Row> rows = read(reader);
      while (!rows.isEmpty()) {
        CompletableFuture<List<Row>> next =
            CompletableFuture.supplyAsync(() -> read(reader), background);
        embedWindow(rows, sink, done, progress);
        done += rows.size();
        reaching += rows.stream().filter(row -> row.tokens().length >= texts.length()).count();
        rows = join(next);
      }
    }
    return new Encoded(done, reaching);
  }

  /** The next window of texts, or what is left. */
  private List<Row> read(RecordReader<T> reader) {
    List<Row> rows = new ArrayList<>();
    while (rows.size() < window) {
      T text = reader.next();
      if (text == null) {
        break;
      }
      rows.add(new Row(rows.size(), texts.id().apply(text), texts.tokens().apply(text)));
    }
    return rows;
  }

  private static <R> R join(CompletableFuture<R> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw e;
    }
  }

  private void embedWindow(List<Row> rows, Sink sink, long before, LongConsumer progress)
      throws IOException {
    int dimension = texts.dimension();
    float[] vectors = new float[rows.size() * dimension]; // [window, H]
    List<Row> sorted =
        rows.stream()
            .sorted(Comparator.comparingInt((Row row) -> row.tokens().length).reversed())
            .toList();
    for (int from = 0; from < sorted.size(); ) {
      // The first is the longest: it sets the width of the batch.
      int fitting = Math.max(1, tokensPerBatch / sorted.get(from).tokens().length);
      List<Row> batch = sorted.subList(from, Math.min(from + fitting, sorted.size()));
      float[] part =
          texts
              .embed()
              .apply(TokenBatch.of(batch.stream().map(Row::tokens).toList(), texts.padId()));
      for (int i = 0; i < batch.size(); i++) {
        System.arraycopy(
            part, i * dimension, vectors, batch.get(i).position() * dimension, dimension);
      }
      from += batch.size();
      progress.accept(before + from);
    }
    for (Row row : rows) {
      requireFinite(row, vectors);
      sink.accept(row.id(), vectors, row.position() * dimension);
    }
  }

  private void requireFinite(Row row, float[] vectors) {
    int from = row.position() * texts.dimension();
    if (!IntStream.range(from, from + texts.dimension())
        .allMatch(i -> Float.isFinite(vectors[i]))) {
      throw new InputException(
          "the model's vector of '%s' has numbers that are not finite; its weights are damaged"
              .formatted(row.id()));
    }
  }

  private static <T> RecordReader<T> over(List<T> all) {
    var each = all.iterator();
    return new RecordReader<>() {
      @Override
      public @org.jspecify.annotations.Nullable T next() {
        return each.hasNext() ? each.next() : null;
      }

      @Override
      public void close() {}
    };
  }
}
