package io.condenser.cli.report;

import io.condenser.text.Passage;
import io.condenser.text.Passages;
import io.condenser.text.Queries;
import io.condenser.text.Query;
import io.condenser.text.RecordReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What queries and passages say, of those alone that are asked for. */
record Texts(Map<String, String> queries, Map<String, Passage> passages) {
  /** Reads the files once through; where there is no file there are no texts. */
  static Texts read(
      @Nullable Path queryFile, Set<String> queries, @Nullable Path corpus, Set<String> passages) {
    Texts texts = new Texts(new HashMap<>(), new HashMap<>());
    if (queryFile != null) {
      try (RecordReader<Query> reader = Queries.open(queryFile)) {
        for (Query query = reader.next(); query != null; query = reader.next()) {
          if (queries.contains(query.id())) {
            texts.queries.put(query.id(), query.text());
          }
        }
      }
    }
    if (corpus != null) {
      try (RecordReader<Passage> reader = Passages.open(corpus)) {
        for (Passage passage = reader.next(); passage != null; passage = reader.next()) {
          if (passages.contains(passage.id())) {
            texts.passages.put(passage.id(), passage);
          }
        }
      }
    }
    return texts;
  }
}
