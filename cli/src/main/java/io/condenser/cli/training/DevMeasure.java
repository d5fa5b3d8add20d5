package io.condenser.cli.training;

import io.condenser.evaluation.Evaluation;
import io.condenser.evaluation.Measure;
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
import io.condenser.text.Passage;
import io.condenser.text.Passages;
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
  private static final Measure MEASURE = Measure.parse("RR@10");

  private final DevQueries dev;
  private final List<Passage> passages;
  private final RetrievalModel model;
  private final Path folder;

  private DevMeasure(DevQueries dev, List<Passage> passages, RetrievalModel model, Path folder) {
    this.dev = dev;
    this.passages = passages;
    this.model = model;
    this.folder = folder;
  }

  /** Refuses one file without the other. */
  static void check(@Nullable Path queries, @Nullable Path qrels) {
    if ((queries == null) != (qrels == null)) {
      throw new InputException("dev-queries and dev-qrels belong together; give both or neither");
    }
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
    if (queryFile == null || qrelsFile == null) {
      return null;
    }
    DevQueries dev = DevQueries.sample(queryFile, qrelsFile, QUERIES);
    Set<String> judged = new HashSet<>();
    dev.queries().forEach(query -> judged.addAll(dev.qrels().of(query.id()).keySet()));
    RetrievalModel model =
        new RetrievalModel(
            retriever, tokenizer, queryEncoder, passageEncoder, Precision.AUTO, "in training");
    return new DevMeasure(dev, sample(corpus, judged), model, folder.resolve("dev-embeddings"));
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
    passages.sort(Comparator.comparingLong(passage -> DevQueries.hash(passage.id())));
    passages.subList(Math.min(count, passages.size()), passages.size()).clear();
  }

  @Override
  public double measure() {
    Encoding.passages(model, TOKENS_PER_BATCH).write(folder, RecordReader.of(passages), _ -> {});
    Embeddings vectors = Encoding.queries(model, TOKENS_PER_BATCH).embed(dev.queries(), _ -> {});
    try (EmbeddingStore store = EmbeddingStore.open(folder)) {
      return Evaluation.of(
              dev.qrels(), new ExactSearch(store).search(vectors, 10, _ -> {}), List.of(MEASURE))
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
