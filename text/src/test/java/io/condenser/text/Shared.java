package io.condenser.text;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Assumptions;

/** The corpora that lie beside the repository, where they do. */
final class Shared {
  private Shared() {}

  /** A folder of {@code data}; the test is skipped where there is none. */
  static Path corpus(String name) {
    Path folder = Path.of(System.getProperty("condenser.shared", "../../shared"), "data", name);
    Assumptions.assumeTrue(Files.isDirectory(folder), "skipped: no corpus in " + folder);
    return folder;
  }

  /** Every title, text and query of a corpus. */
  static void forEachText(Path folder, Consumer<String> action) {
    forEachPassageText(folder, action);
    try (RecordReader<Query> queries = Queries.open(folder.resolve("queries.jsonl"))) {
      for (Query query = queries.next(); query != null; query = queries.next()) {
        action.accept(query.text());
      }
    }
  }

  /** Every title and text of a corpus's passages; medquad's ids come several times. */
  static void forEachPassageText(Path folder, Consumer<String> action) {
    Path plain = folder.resolve("corpus.jsonl");
    Path corpus = Files.exists(plain) ? plain : folder.resolve("corpus.jsonl.gz");
    try (RecordReader<Passage> passages = Passages.openAmbiguous(corpus)) {
      for (Passage passage = passages.next(); passage != null; passage = passages.next()) {
        action.accept(passage.title());
        action.accept(passage.text());
      }
    }
  }
}
