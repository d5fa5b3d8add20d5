package io.condenser.retrieval;

import io.condenser.evaluation.Run;
import io.condenser.model.Precision;
import io.condenser.model.RetrievalModel;
import io.condenser.text.Query;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;

/** A model and the passages that it encoded: queries become vectors and meet all of theirs. */
public final class DenseIndex implements AutoCloseable {
  /** So many are vectors at a time: half a million of 768 numbers would take 1.5 GB. */
  private static final int QUERIES = 16 * 1024;

  private final Encoding<Query> queries;
  private final EmbeddingStore passages;
  private final Runnable closeModel;

  DenseIndex(Encoding<Query> queries, EmbeddingStore passages, Runnable closeModel) {
    this.queries = queries;
    this.passages = passages;
    this.closeModel = closeModel;
  }

  /**
   * Opens a model folder and an embedding folder.
   *
   * @param precision of the matrix products that make the queries' vectors
   * @throws io.condenser.storage.InputException if either is none, or another model made the
   *     embeddings
   */
  public static DenseIndex open(Path model, Path embeddings, Precision precision) {
    EmbeddingStore store = EmbeddingStore.open(embeddings);
    try {
      RetrievalModel opened = RetrievalModel.open(model, precision);
      try {
        store.requireModel(opened.fingerprint());
        Encoding<Query> queries = Encoding.queries(opened, Encoding.TOKENS_PER_BATCH);
        return new DenseIndex(queries, store, opened::close);
      } catch (RuntimeException e) {
        opened.close();
        throw e;
      }
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  /**
   * The k best passages for each query.
   *
   * @param progress is told how many queries are searched
   */
  public Run search(List<Query> all, int k, LongConsumer progress) {
    ExactSearch search = new ExactSearch(passages);
    Run.Builder run = new Run.Builder();
    for (int from = 0; from < all.size(); from += QUERIES) {
      int before = from;
      List<Query> some = all.subList(from, Math.min(from + QUERIES, all.size()));
      Embeddings vectors = queries.embed(some, done -> {});
      search.search(vectors, k, done -> progress.accept(before + done), run);
    }
    return run.build();
  }

  @Override
  public void close() {
    passages.close();
    closeModel.run();
  }
}
