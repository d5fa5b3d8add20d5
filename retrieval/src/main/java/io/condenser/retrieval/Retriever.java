package io.condenser.retrieval;

import io.condenser.evaluation.Run;
import io.condenser.evaluation.ScoredPassage;
import io.condenser.model.Precision;
import io.condenser.storage.InputException;
import io.condenser.text.Passage;
import io.condenser.text.Query;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Searches a corpus: {@code Retriever.open(model, index).search("how tall is it?", 10)}.
 *
 * <p>Safe for use by several threads, as far as the model is.
 */
public final class Retriever implements AutoCloseable {
  private final @Nullable Bm25Index bm25;
  private final @Nullable DenseIndex dense;
  private final Hybrid hybrid;

  /**
   * A retriever over parts that are open; closing it closes them.
   *
   * @param bm25 null if passages are neither to be found by words nor to be shown
   * @param dense null if passages are not to be found by vectors
   * @param hybrid how both are fused
   */
  public Retriever(@Nullable Bm25Index bm25, @Nullable DenseIndex dense, Hybrid hybrid) {
    this.bm25 = bm25;
    this.dense = dense;
    this.hybrid = hybrid;
  }

  /**
   * Opens an index that the {@code index} command wrote with this model.
   *
   * @throws InputException if the folders are not that
   */
  public static Retriever open(Path model, Path index) {
    Bm25Index bm25 = Bm25Index.open(IndexFolder.bm25(index));
    try {
      DenseIndex dense = DenseIndex.open(model, IndexFolder.embeddings(index), Precision.FP32);
      return new Retriever(bm25, dense, Hybrid.STANDARD);
    } catch (RuntimeException e) {
      bm25.close();
      throw e;
    }
  }

  /** The k best passages for a question by the model's vectors, best first. */
  public List<Answer> search(String question, int k) {
    return search(question, k, Ranker.DENSE);
  }

  /**
   * The k best passages for a question, best first.
   *
   * @throws InputException if the index lacks what the ranker needs
   */
  public List<Answer> search(String question, int k, Ranker ranker) {
    Query query = new Query("", question);
    List<ScoredPassage> found = search(List.of(query), k, ranker, done -> {}).ranking(query.id());
    Bm25Index texts = requireBm25();
    return found.stream().map(passage -> answer(texts, passage)).toList();
  }

  private static Answer answer(Bm25Index texts, ScoredPassage found) {
    Passage passage = texts.passage(found.id());
    if (passage == null) {
      throw new InputException(
          "passage '%s' has a vector but no text; the index is of two corpora, build it anew"
              .formatted(found.id()));
    }
    return new Answer(found.id(), found.score(), passage.title(), passage.text());
  }

  /**
   * The k best passages for each of many queries.
   *
   * @param progress is told how many queries are done
   * @throws InputException if the index lacks what the ranker needs
   */
  public Run search(List<Query> queries, int k, Ranker ranker, LongConsumer progress) {
    return switch (ranker) {
      case BM25 -> requireBm25().search(queries, k, progress);
      case DENSE -> requireDense().search(queries, k, progress);
      case HYBRID -> {
        int depth = Math.max(k, Hybrid.LEAST_DEPTH);
        yield hybrid.fuse(
            requireBm25().search(queries, depth, done -> {}),
            requireDense().search(queries, depth, progress),
            k);
      }
    };
  }

  private Bm25Index requireBm25() {
    if (bm25 == null) {
      throw new InputException("there is no BM25 index; 'index' builds one");
    }
    return bm25;
  }

  private DenseIndex requireDense() {
    if (dense == null) {
      throw new InputException("there are no embeddings; 'index --model DIR' makes them");
    }
    return dense;
  }

  @Override
  public void close() {
    if (bm25 != null) {
      bm25.close();
    }
    if (dense != null) {
      dense.close();
    }
  }
}
