package io.condenser.cli.training;

import io.condenser.evaluation.Evaluation;
import io.condenser.evaluation.Measure;
import io.condenser.evaluation.Qrels;
import io.condenser.model.Encoder;
import io.condenser.model.Precision;
import io.condenser.model.RetrievalModel;
import io.condenser.model.RetrieverConfig;
import io.condenser.retrieval.EmbeddingStore;
import io.condenser.retrieval.Embeddings;
import io.condenser.retrieval.Encoding;
import io.condenser.retrieval.ExactSearch;
import io.condenser.storage.InputException;
import io.condenser.storage.Replacement;
import io.condenser.text.CounterRandom;
import io.condenser.text.Passage;
import io.condenser.text.Passages;
import io.condenser.text.Queries;
import io.condenser.text.Query;
import io.condenser.text.RecordReader;
import io.condenser.text.WordPiece;
import io.condenser.training.Validation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * RR@10 of up to {@value #QUERIES} dev queries among their judged passages and random others, about
 * {@value #PASSAGES} in all: small enough to be taken often, the same sample every time. It tells
 * one checkpoint from another; it is not the measure over the whole corpus.
 */
final class DevMeasure implements Validation {
  private static final int QUERIES = 200;
  private static final int PASSAGES = 1000;
  private static final int TOKENS_PER_BATCH = 4096;
  private static final long SEED = 42;
  private static final Measure MEASURE = Measure.parse("RR@10");

  private final List<Query> queries;
  private final List<Passage> passages;
  private final Qrels qrels;
  private final RetrievalModel model;
  private final Path folder;

  private DevMeasure(
      List<Query> queries, List<Passage> passages, Qrels qrels, RetrievalModel model, Path folder) {
    this.queries = queries;
    this.passages = passages;
    this.qrels = qrels;
    this.model = model;
    this.folder = folder;
  }

  /**
   * A measure of the encoders as they are whenever it is taken; null where no dev queries are
   * given.
   *
   * @param folder for its embeddings, which are written over each time
   */
  static @Nullable DevMeasure of(
      @Nullable Path queryFile,
      @Nullable Path qrelsFile,
      Path corpus,
      RetrieverConfig retriever,
      WordPiece tokenizer,
      Encoder queryEncoder,
      Encoder passageEncoder,
      Path folder) {
    if (queryFile == null && qrelsFile == null) {
      return null;
    }
    if (queryFile == null || qrelsFile == null) {
      throw new InputException("dev-queries and dev-qrels belong together; give both or neither");
    }
    Qrels all = Qrels.read(qrelsFile);
    List<Query> queries = sample(queryFile, all);
    Qrels.Builder judged = new Qrels.Builder();
    Set<String> relevant = new HashSet<>();
    for (Query query : queries) {
      all.of(query.id()).forEach((passage, grade) -> judged.add(query.id(), passage, grade));
      relevant.addAll(all.of(query.id()).keySet());
    }
    RetrievalModel model =
        new RetrievalModel(
            retriever, tokenizer, queryEncoder, passageEncoder, Precision.AUTO, "in training");
    return new DevMeasure(
        queries, sample(corpus, relevant), judged.build(), model, folder.resolve("dev-embeddings"));
  }

  /** The judged queries whose hashes are smallest. */
  private static List<Query> sample(Path file, Qrels qrels) {
    Set<String> judged = new HashSet<>(qrels.queries());
    List<Query> queries = new ArrayList<>();
    try (RecordReader<Query> reader = Queries.open(file)) {
      for (Query query = reader.next(); query != null; query = reader.next()) {
        if (judged.contains(query.id())) {
          queries.add(query);
        }
      }
    }
    if (queries.isEmpty()) {
      throw InputException.in(file, "holds none of the queries that dev-qrels judges");
    }
    queries.sort(Comparator.comparingLong(query -> hash(query.id())));
    return List.copyOf(queries.subList(0, Math.min(QUERIES, queries.size())));
  }

  /** The relevant passages, and of the others those whose hashes are smallest, in corpus order. */
  private static List<Passage> sample(Path corpus, Set<String> relevant) {
    List<Passage> kept = new ArrayList<>();
    List<Passage> others = new ArrayList<>();
    int wanted = Math.max(0, PASSAGES - relevant.size());
    try (RecordReader<Passage> reader = Passages.open(corpus)) {
      for (Passage passage = reader.next(); passage != null; passage = reader.next()) {
        if (relevant.contains(passage.id())) {
          kept.add(passage);
        } else {
          others.add(passage);
          if (others.size() > 2 * wanted) {
            keepSmallest(others, wanted);
          }
        }
      }
    }
    keepSmallest(others, wanted);
    kept.addAll(others);
    return List.copyOf(kept);
  }

  private static void keepSmallest(List<Passage> passages, int count) {
    passages.sort(Comparator.comparingLong(passage -> hash(passage.id())));
    passages.subList(Math.min(count, passages.size()), passages.size()).clear();
  }

  private static long hash(String id) {
    return CounterRandom.at(SEED, 0, 0, id.hashCode()).bits(0);
  }

  @Override
  public double measure() {
    Encoding.passages(model, TOKENS_PER_BATCH).write(folder, RecordReader.of(passages), _ -> {});
    Embeddings vectors = Encoding.queries(model, TOKENS_PER_BATCH).embed(queries, _ -> {});
    try (EmbeddingStore store = EmbeddingStore.open(folder)) {
      return Evaluation.of(
              qrels, new ExactSearch(store).search(vectors, 10, _ -> {}), List.of(MEASURE))
          .mean(MEASURE);
    } finally {
      delete();
    }
  }

  private void delete() {
    try {
      Replacement.deleteTree(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + folder + ": " + e.getMessage(), e);
    }
  }
}
