package io.condenser.cli.javadoc;

import io.condenser.cli.RandomPlace;
import io.condenser.cli.Stage;
import io.condenser.evaluation.Qrels;
import io.condenser.text.JsonWriter;
import io.condenser.text.Passage;
import io.condenser.text.Passages;
import io.condenser.text.Queries;
import io.condenser.text.Query;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes passages, queries and judgments in BEIR's layout: {@code corpus.jsonl}, {@code
 * queries.jsonl}, {@code qrels/train.tsv}, {@code qrels/dev.tsv}, {@code qrels/test.tsv}.
 */
final class BeirFolder {
  private static final String CORPUS = "corpus.jsonl";

  /** The parts of the queries: of ten files about seven train, one is dev, two are test. */
  enum Split {
    TRAIN,
    DEV,
    TEST;

    /** A pure function of seed and file: another library moves none of this one's files. */
    static Split of(String file, long seed) {
      String digest = RandomPlace.of(seed, "file", file);
      long tenth = (Long.parseLong(digest.substring(0, 8), 16) * 10) >>> 32;
      return tenth < 7 ? TRAIN : tenth < 8 ? DEV : TEST;
    }
  }

  private BeirFolder() {}

  /**
   * Writes a corpus into an empty folder.
   *
   * @return how many queries each split has
   */
  static Map<Split, Integer> write(Path folder, JavadocCorpus corpus, long seed)
      throws IOException {
    Files.writeString(folder.resolve(Stage.OURS), "javadoc\n");
    try (JsonWriter out = JsonWriter.lines(folder.resolve(CORPUS))) {
      for (JavadocCorpus.Entry entry : corpus.entries()) {
        String title = Words.spoken(entry.member().title());
        String file = entry.member().file();
        out.write(Passages.json(new Passage(entry.id(), title, entry.text(), file, List.of())));
      }
    }
    try (JsonWriter out = JsonWriter.lines(folder.resolve("queries.jsonl"))) {
      for (JavadocCorpus.Question question : corpus.questions()) {
        out.write(Queries.json(new Query(question.id(), question.text())));
      }
    }
    return writeJudgments(folder.resolve("qrels"), corpus, seed);
  }

  private static Map<Split, Integer> writeJudgments(Path folder, JavadocCorpus corpus, long seed) {
    Map<Split, Integer> queries = new EnumMap<>(Split.class);
    for (Split split : Split.values()) {
      Qrels.Builder qrels = new Qrels.Builder();
      int count = 0;
      for (JavadocCorpus.Question question : corpus.questions()) {
        if (Split.of(question.file(), seed) == split) {
          question.relevant().forEach(passage -> qrels.add(question.id(), passage, 1));
          count++;
        }
      }
      String name = split.name().toLowerCase(Locale.ROOT) + ".tsv";
      qrels.build().writeBeir(folder.resolve(name));
      queries.put(split, count);
    }
    return queries;
  }
}
