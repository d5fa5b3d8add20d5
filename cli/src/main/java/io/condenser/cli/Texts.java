package io.condenser.cli;

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
public record Texts(Map<String, String> queries, Map<String, Passage> passages) {

  /** Reads the files once through; where there is no file there are no texts. */
  public static Texts read(
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

  /** At most so many characters, cut at a blank and marked with an ellipsis. */
  public static String shortened(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int blank = text.lastIndexOf(' ', most);
    return text.substring(0, blank > most / 2 ? blank : most) + " …";
  }
}
