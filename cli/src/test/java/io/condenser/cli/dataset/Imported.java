package io.condenser.cli.dataset;

import io.condenser.cli.RecordingConsole;
import io.condenser.text.Negatives;
import io.condenser.text.Passage;
import io.condenser.text.Passages;
import io.condenser.text.Queries;
import io.condenser.text.Query;
import io.condenser.text.RecordReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an import wrote, and what it said. */
record Imported(Path folder, List<String> remarks) {
  static Imported of(
      Path out,
      List<Path> corpus,
      @Nullable Path titles,
      List<Path> train,
      List<Path> dev,
      List<Path> test)
      throws IOException {
    RecordingConsole console = new RecordingConsole();
    new ImportStage(corpus, titles, train, dev, test, 3, out).attempt(console);
    return new Imported(out, List.copyOf(console.remarks));
  }

  Map<String, Passage> corpus() {
    Map<String, Passage> passages = new LinkedHashMap<>();
    try (RecordReader<Passage> reader = Passages.open(folder.resolve("corpus.jsonl"))) {
      for (Passage p = reader.next(); p != null; p = reader.next()) {
        passages.put(p.id(), p);
      }
    }
    return passages;
  }

  Map<String, Query> queries(String file) {
    Map<String, Query> queries = new LinkedHashMap<>();
    try (RecordReader<Query> reader = Queries.open(folder.resolve(file))) {
      for (Query q = reader.next(); q != null; q = reader.next()) {
        queries.put(q.id(), q);
      }
    }
    return queries;
  }

  Map<String, List<String>> negatives(String split) {
    Map<String, List<String>> negatives = new LinkedHashMap<>();
    Path file = folder.resolve("negatives/" + split + ".jsonl");
    try (RecordReader<Negatives> reader = Negatives.open(file)) {
      for (Negatives n = reader.next(); n != null; n = reader.next()) {
        negatives.put(n.query(), n.negatives());
      }
    }
    return negatives;
  }
}
