package io.condenser.cli.dataset;

import io.condenser.cli.Stage;
import io.condenser.text.IdSet;
import io.condenser.text.JsonWriter;
import io.condenser.text.Passage;
import io.condenser.text.Passages;
import io.condenser.text.Queries;
import io.condenser.text.Query;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A folder in our layout while it is written: {@code corpus.jsonl}, {@code queries.jsonl} and the
 * queries of each split in {@code queries/SPLIT.jsonl}. Passages and queries pass through; only
 * hashes of their ids are held.
 */
final class DatasetFolder implements AutoCloseable {
  static final String CORPUS = "corpus.jsonl";
  static final String QUERIES = "queries.jsonl";

  /** Whatever may stand in such a folder. */
  static final List<String> NAMES =
      List.of(Stage.OURS, CORPUS, QUERIES, "queries", "qrels", "negatives", "runs");

  private final Path folder;
  private final IdSet passages = new IdSet();
  private final IdSet queries = new IdSet();
  private final IdSet texts = new IdSet(); // of queries, with their ids
  private final Map<String, JsonWriter> writers = new LinkedHashMap<>();

  DatasetFolder(Path folder) {
    this.folder = folder;
  }

  /** Writes a passage, unless one with its id was written before; tells whether it was new. */
  boolean add(Passage passage) throws IOException {
    boolean fresh = passages.add(passage.id());
    if (fresh) {
      writer(CORPUS).write(Passages.json(passage));
    }
    return fresh;
  }

  boolean hasPassage(String id) {
    return passages.contains(id);
  }

  boolean hasQuery(String id) {
    return queries.contains(id);
  }

  int passages() {
    return passages.size();
  }

  int queries() {
    return queries.size();
  }

  /**
   * Writes a query of a split, unless it was written there before.
   *
   * @param written the queries of this split so far
   * @return the problem if the id stands for another text already, else null
   */
  @Nullable String add(String split, Query query, IdSet written) throws IOException {
    boolean sameText = !texts.add(query.id() + "\t" + query.text());
    if (queries.add(query.id())) {
      writer(QUERIES).write(Queries.json(query));
    } else if (!sameText) {
      return "query '%s' has another text in this file than in one before it".formatted(query.id());
    }
    if (written.add(query.id())) {
      writer("queries/" + split + ".jsonl").write(Queries.json(query));
    }
    return null;
  }

  private JsonWriter writer(String name) throws IOException {
    JsonWriter writer = writers.get(name);
    if (writer == null) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      writer = JsonWriter.lines(file);
      writers.put(name, writer);
    }
    return writer;
  }

  @Override
  public void close() throws IOException {
    for (JsonWriter writer : writers.values()) {
      writer.close();
    }
  }
}
