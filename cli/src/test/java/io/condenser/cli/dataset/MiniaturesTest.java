package io.condenser.cli.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.condenser.evaluation.Evaluation;
import io.condenser.evaluation.Measure;
import io.condenser.evaluation.Qrels;
import io.condenser.evaluation.Run;
import io.condenser.retrieval.AnswerJudgments;
import io.condenser.text.AnswerStrings;
import io.condenser.text.Passage;
import io.condenser.text.Query;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The miniatures are whole, small, and in their data sets' official layouts. */
class MiniaturesTest {
  private static final Path MINIATURES = root().resolve("miniatures");

  @TempDir private Path folder;

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("condenser"))) {
      folder = Objects.requireNonNull(folder.getParent(), "no launcher above");
    }
    return folder;
  }

  private static List<Path> files(String... names) {
    return Stream.of(names).map(MINIATURES::resolve).toList();
  }

  private static String text(Map<String, Passage> corpus, String id) {
    return Objects.requireNonNull(corpus.get(id), id).text();
  }

  private static void assertJudged(Imported data, String split, int queries) {
    Qrels qrels = Qrels.read(data.folder().resolve("qrels/" + split + ".tsv"));
    assertThat(qrels.queries()).hasSize(queries);
    assertThat(data.queries("queries/" + split + ".jsonl").keySet()).containsAll(qrels.queries());
    assertThat(data.remarks()).noneMatch(line -> line.contains("without a text"));
    assertThat(data.remarks()).noneMatch(line -> line.contains("not in the corpus"));
  }

  @Test
  void msMarcoWithTitlesTriplesAndTop1000() throws IOException {
    Imported data =
        Imported.of(
            folder.resolve("out"),
            files("msmarco/collection.tsv"),
            MINIATURES.resolve("msmarco/para.title.txt"),
            files(
                "msmarco/queries.train.tsv",
                "msmarco/qrels.train.tsv",
                "msmarco/qidpidtriples.train.full.2.tsv"),
            files(
                "msmarco/queries.dev.small.tsv",
                "msmarco/qrels.dev.small.tsv",
                "msmarco/top1000.dev.tsv"),
            List.of());
    assertThat(data.corpus()).hasSize(90);
    assertThat(data.corpus().values().stream().filter(p -> p.title().isEmpty())).hasSize(1);
    assertJudged(data, "train", 60);
    assertJudged(data, "dev", 30);
    assertThat(data.negatives("train")).hasSize(60);
    assertThat(Run.read(data.folder().resolve("runs/dev.run")).queries()).hasSize(5);
  }

  @Test
  void msMarcoDocuments() throws IOException {
    Imported data =
        Imported.of(
            folder.resolve("out"),
            files("msmarco/msmarco-docs.tsv"),
            null,
            List.of(),
            List.of(),
            List.of());
    assertThat(data.corpus()).hasSize(30);
    assertThat(data.corpus()).extractingByKey("D1003").extracting(Passage::title).isEqualTo("Moon");
  }

  @ParameterizedTest
  @CsvSource({"natural-questions, nq", "triviaqa, trivia"})
  void questionsInDprsLayoutAreAnsweredByTheirPassages(String set, String name) throws IOException {
    Imported data =
        Imported.of(
            folder.resolve("out"),
            files(set + "/psgs_w100.tsv"),
            null,
            files(set + "/biencoder-" + name + "-train.json"),
            files(set + "/biencoder-" + name + "-dev.json"),
            files(set + "/" + name + "-test.qa.csv"));
    Map<String, Passage> corpus = data.corpus();
    assertThat(corpus).hasSize(90);
    assertJudged(data, "train", 60);
    assertJudged(data, "dev", 30);
    Map<String, Query> queries = data.queries("queries.jsonl");
    for (String split : List.of("train", "dev")) {
      Qrels qrels = Qrels.read(data.folder().resolve("qrels/" + split + ".tsv"));
      Map<String, List<String>> negatives = data.negatives(split);
      for (String query : qrels.queries()) {
        AnswerStrings answers =
            AnswerStrings.of(Objects.requireNonNull(queries.get(query)).answers());
        assertThat(qrels.of(query).keySet()).allMatch(p -> answers.areIn(text(corpus, p)));
        assertThat(negatives.get(query)).noneMatch(p -> answers.areIn(text(corpus, p)));
      }
    }
    Map<String, Query> test = data.queries("queries/test.jsonl");
    assertThat(test).hasSize(30);
    assertThat(test.values())
        .allMatch(query ->
            corpus.values().stream()
                .anyMatch(p -> AnswerStrings.of(query.answers()).areIn(p.text())));
  }

  @Test
  void answersJudgeARunOverTheTestQuestions() throws IOException {
    Imported data =
        Imported.of(
            folder.resolve("out"),
            files("natural-questions/psgs_w100.tsv"),
            null,
            List.of(),
            List.of(),
            files("natural-questions/nq-test.qa.csv"));
    // test-1 asks for the flashing rhythm of a lighthouse: passage 6 says "character"
    Run run = new Run.Builder().add("test-1", "5", 2).add("test-1", "6", 1).build();
    List<Query> queries = List.copyOf(data.queries("queries/test.jsonl").values());
    Qrels qrels = AnswerJudgments.of(queries, List.of(run), data.folder().resolve("corpus.jsonl"));
    List<Measure> measures = Measure.parseAll("Success@1 Success@2");
    Evaluation evaluation = Evaluation.of(qrels, run, measures);
    assertThat(evaluation.queries()).hasSize(30);
    assertThat(evaluation.mean(measures.getFirst())).isZero();
    assertThat(evaluation.mean(measures.getLast())).isEqualTo(1 / 30.0);
  }

  @Test
  void beirReadsAsItLies() throws IOException {
    Imported data =
        Imported.of(
            folder.resolve("out"),
            files("beir/corpus.jsonl"),
            null,
            files("beir/queries.jsonl", "beir/qrels/train.tsv"),
            files("beir/queries.jsonl", "beir/qrels/dev.tsv"),
            files("beir/queries.jsonl", "beir/qrels/test.tsv"));
    assertThat(data.corpus()).hasSize(90);
    assertThat(data.queries("queries.jsonl")).hasSize(120);
    assertJudged(data, "train", 60);
    assertJudged(data, "dev", 30);
    assertJudged(data, "test", 30);
  }

  @Test
  void allOfThemAreSmall() throws IOException {
    try (Stream<Path> files = Files.walk(MINIATURES)) {
      long bytes = 0;
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        bytes += Files.size(file);
      }
      assertThat(bytes).isLessThan(300_000);
    }
  }
}
