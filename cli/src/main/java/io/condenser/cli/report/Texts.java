package io.condenser.cli.report;

import io.condenser.cli.report.Gains.Example;
import io.condenser.text.Passage;
import io.condenser.text.Passages;
import io.condenser.text.Queries;
import io.condenser.text.Query;
import io.condenser.text.RecordReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What queries and passages say, of those alone that are asked for. */
record Texts(Map<String, String> queries, Map<String, Passage> passages) {
  /** What the examples of gains and losses say. */
  static Texts of(List<Gains> gains, @Nullable Path queries, @Nullable Path corpus) {
    Set<String> wantedQueries = new HashSet<>();
    Set<String> wantedPassages = new HashSet<>();
    for (Gains one : gains) {
      for (Example example : Stream.concat(one.gained().stream(), one.lost().stream()).toList()) {
        wantedQueries.add(example.query());
        wantedPassages.add(example.wanted());
        if (example.instead() != null) {
          wantedPassages.add(example.instead());
        }
      }
    }
    return read(queries, wantedQueries, corpus, wantedPassages);
  }

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
