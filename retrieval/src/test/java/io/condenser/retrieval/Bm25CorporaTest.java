package io.condenser.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.condenser.evaluation.Evaluation;
import io.condenser.evaluation.Measure;
import io.condenser.evaluation.Qrels;
import io.condenser.evaluation.Run;
import io.condenser.text.Passage;
import io.condenser.text.Passages;
import io.condenser.text.Queries;
import io.condenser.text.Query;
import io.condenser.text.RecordReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** BM25 on whole corpora; the values were measured once and shall not move unnoticed. */
class Bm25CorporaTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"squad, ENGLISH, 0.8827", "chinese, CJK, 0.9671"})
  void devQueriesFindTheirPassagesAsMeasured(String corpus, Analysis analysis, double expected) {
    Path data = Path.of(System.getProperty("condenser.shared", "")).resolve("data/" + corpus);
    assumeTrue(Files.exists(data), data + " is not there; BM25 is not measured on it");
    Path directory = folder.resolve("bm25");
    try (RecordReader<Passage> passages = Passages.open(data.resolve("corpus.jsonl"))) {
      Bm25Index.build(directory, passages, Bm25Settings.of(analysis), done -> {});
    }
    Qrels qrels = Qrels.read(data.resolve("qrels/dev.tsv"));
    Measure measure = Measure.parse("RR@10");
    try (Bm25Index index = Bm25Index.open(directory)) {
      Run run = index.search(judged(data.resolve("queries.jsonl"), qrels), 10, done -> {});
      double mean = Evaluation.of(qrels, run, List.of(measure)).mean(measure);
      assertThat(mean).isCloseTo(expected, within(0.00006));
    }
  }

  private static List<Query> judged(Path file, Qrels qrels) {
    List<Query> judged = new ArrayList<>();
    try (RecordReader<Query> queries = Queries.open(file)) {
      for (Query query = queries.next(); query != null; query = queries.next()) {
        if (!qrels.of(query.id()).isEmpty()) {
          judged.add(query);
        }
      }
    }
    return judged;
  }
}
