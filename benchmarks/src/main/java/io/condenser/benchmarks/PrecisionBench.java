package io.condenser.benchmarks;

import io.condenser.evaluation.Evaluation;
import io.condenser.evaluation.Measure;
import io.condenser.evaluation.Qrels;
import io.condenser.model.Precision;
import io.condenser.model.RetrievalModel;
import io.condenser.retrieval.EmbeddingStore;
import io.condenser.retrieval.Embeddings;
import io.condenser.retrieval.Encoding;
import io.condenser.retrieval.ExactSearch;
import io.condenser.storage.InputException;
import io.condenser.storage.Replacement;
import io.condenser.text.Passage;
import io.condenser.text.Passages;
import io.condenser.text.Queries;
import io.condenser.text.Query;
import io.condenser.text.RecordReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A model of one's own encodes a corpus of one's own: how fast, and how well the vectors find what
 * is judged relevant.
 *
 * @param model folder
 * @param precision of the matrix products; queries are encoded in the same
 * @param corpus whose passages are encoded
 * @param queries of which those are searched for that are judged
 * @param qrels their judgments
 * @param times repetitions that are timed
 */
public record PrecisionBench(
    Path model, Precision precision, Path corpus, Path queries, Path qrels, int times) {
  private static final Measure MEASURE = Measure.parse("nDCG@10");

  /** Runs it. */
  public Measured run() throws IOException {
    Memory.forget();
    Qrels judgments = Qrels.read(qrels);
    List<Query> asked = all(Queries.open(queries));
    asked.removeIf(query -> judgments.of(query.id()).isEmpty());
    if (asked.isEmpty()) {
      throw InputException.in(qrels, "judges none of the queries of " + queries);
    }
    List<Passage> passages = all(Passages.open(corpus));
    Path folder = Files.createTempDirectory("condenser-bench");
    try (RetrievalModel retriever = RetrievalModel.open(model, precision)) {
      Path vectors = folder.resolve("embeddings");
      Encoding<Passage> encoding = Encoding.passages(retriever, Encoding.TOKENS_PER_BATCH);
      List<Double> seconds =
          Timing.of(0, times, _ -> encoding.write(vectors, RecordReader.of(passages), _ -> {}));
      return new Measured(
          "encode " + Measured.name(precision),
          passages.size(),
          passages.stream().mapToLong(passage -> retriever.tokens(passage).length).sum(),
          seconds,
          0,
          0,
          Memory.peak(),
          quality(retriever, vectors, asked, judgments));
    } finally {
      Replacement.deleteTree(folder);
    }
  }

  private static double quality(
      RetrievalModel retriever, Path vectors, List<Query> asked, Qrels judgments) {
    Embeddings embedded =
        Encoding.queries(retriever, Encoding.TOKENS_PER_BATCH).embed(asked, _ -> {});
    try (EmbeddingStore store = EmbeddingStore.open(vectors)) {
      return Evaluation.of(
              judgments,
              new ExactSearch(store).search(embedded, MEASURE.cutoff(), _ -> {}),
              List.of(MEASURE))
          .mean(MEASURE);
    }
  }

  private static <T> List<T> all(RecordReader<T> reader) {
    List<T> records = new ArrayList<>();
    try (reader) {
      for (T next = reader.next(); next != null; next = reader.next()) {
        records.add(next);
      }
    }
    return records;
  }
}
