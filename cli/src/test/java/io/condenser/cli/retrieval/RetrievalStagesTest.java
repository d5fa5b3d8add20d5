package io.condenser.cli.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.condenser.cli.Given;
import io.condenser.cli.RecordingConsole;
import io.condenser.cli.Stage;
import io.condenser.cli.StageType;
import io.condenser.cli.bench.Benches;
import io.condenser.evaluation.Run;
import io.condenser.evaluation.ScoredPassage;
import io.condenser.model.Pooling;
import io.condenser.model.Precision;
import io.condenser.model.RetrievalModel;
import io.condenser.model.RetrieverConfig;
import io.condenser.retrieval.Answer;
import io.condenser.retrieval.Ranker;
import io.condenser.retrieval.Retriever;
import io.condenser.storage.InputException;
import io.condenser.storage.Safetensors;
import io.condenser.text.Passage;
import io.condenser.text.Passages;
import io.condenser.text.RecordReader;
import io.condenser.text.TokenBatch;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetrievalStagesTest {
  private final RecordingConsole console = new RecordingConsole();
  @TempDir private Path folder;

  @BeforeEach
  void writeInputs() throws IOException {
    Files.writeString(
        folder.resolve("corpus.jsonl"),
        """
        {"_id": "p1", "title": "Cats", "text": "cat eats fish"}
        {"_id": "p2", "text": "dog runs"}
        {"_id": "p3", "text": "bird eats fish fish"}
        {"_id": "p4", "text": "horse runs runs runs cat"}
        """);
    Files.writeString(
        folder.resolve("queries.jsonl"),
        """
        {"_id": "q1", "text": "cat fish"}
        {"_id": "q2", "text": "horse"}
        """);
    Files.writeString(
        folder.resolve("qrels.tsv"), "query-id\tcorpus-id\tscore\nq1\tp1\t1\nq2\tp4\t1\n");
    TinyModel.write(folder.resolve("model"), 1);
  }

  /** Runs a command with its settings as users write them; names of files are in the folder. */
  private void run(StageType type, String... settings) throws IOException {
    Map<String, Given> given = new LinkedHashMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      boolean path =
          List.of(
                  "corpus",
                  "queries",
                  "model",
                  "run",
                  "out",
                  "index",
                  "work",
                  "embeddings",
                  "qrels")
              .contains(settings[i]);
      String value = path ? folder.resolve(settings[i + 1]).toString() : settings[i + 1];
      given.put(settings[i], new Given(settings[i], List.of(value)));
    }
    Stage stage = type.bind("test", given);
    stage.run(console);
  }

  private Run searched(String run, String... settings) throws IOException {
    String[] all =
        Stream.concat(
                java.util.stream.Stream.of("queries", "queries.jsonl", "run", run),
                Arrays.stream(settings))
            .toArray(String[]::new);
    run(SearchStage.TYPE, all);
    return Run.read(folder.resolve(run));
  }

  private void assertSameRanking(Run expected, Run actual) {
    for (String query : List.of("q1", "q2")) {
      assertThat(actual.ranking(query))
          .usingElementComparator(
              (a, b) -> a.id().equals(b.id()) && Math.abs(a.score() - b.score()) < 1e-4 ? 0 : 1)
          .isEqualTo(expected.ranking(query));
    }
  }

  @Test
  void encodeWritesEachPassagesVectorInTheOrderOfTheCorpus() throws IOException {
    run(EncodeStage.TYPE, "model", "model", "corpus", "corpus.jsonl", "out", "vectors");
    assertThat(Files.readAllLines(folder.resolve("vectors/ids.txt")))
        .containsExactly("p1", "p2", "p3", "p4");
    try (Safetensors vectors = Safetensors.open(folder.resolve("vectors/embeddings.safetensors"));
        RetrievalModel model = RetrievalModel.open(folder.resolve("model"), Precision.FP32);
        RecordReader<Passage> passages = Passages.open(folder.resolve("corpus.jsonl"))) {
      assertThat(vectors.tensor("embeddings").shape()).containsExactly(4L, 8L);
      float[] all = vectors.tensor("embeddings").data().toArray(ValueLayout.JAVA_FLOAT);
      int row = 0;
      for (Passage p = passages.next(); p != null; p = passages.next(), row++) {
        float[] alone =
            model.embedPassages(TokenBatch.of(List.of(model.tokens(p)), model.tokenizer().padId()));
        for (int h = 0; h < 8; h++) {
          assertThat(all[row * 8 + h]).isCloseTo(alone[h], within(1e-5f));
        }
      }
    }
  }

  @Test
  void aCorpusItsEmbeddingsAndItsIndexGiveOneDenseRun() throws IOException {
    Run direct = searched("a.run", "model", "model", "corpus", "corpus.jsonl");
    assertThat(direct.ranking("q1")).hasSize(4);
    run(EncodeStage.TYPE, "model", "model", "corpus", "corpus.jsonl", "out", "vectors");
    assertSameRanking(
        direct,
        searched("b.run", "model", "model", "corpus", "corpus.jsonl", "embeddings", "vectors"));
    run(IndexStage.TYPE, "model", "model", "corpus", "corpus.jsonl", "out", "work/index");
    assertSameRanking(direct, searched("c.run", "index", "work/index"));
    assertSameRanking(direct, searched("d.run", "work", "work"));
    assertThat(searched("e.run", "index", "work/index", "k", "2").depth()).isEqualTo(2);
  }

  @Test
  void passagesThatTheModelDoesNotReadToTheirEndAreSpokenOf() throws IOException {
    run(EncodeStage.TYPE, "model", "model", "corpus", "corpus.jsonl", "out", "vectors");
    assertThat(console.remarks).noneMatch(remark -> remark.contains("is not read"));

    RetrieverConfig five = new RetrieverConfig(Pooling.CLS, false, 5, 5, true, "", "");
    Files.writeString(folder.resolve("model/" + RetrieverConfig.FILE), five.toJson());
    run(IndexStage.TYPE, "model", "model", "corpus", "corpus.jsonl", "out", "index");
    assertThat(console.remarks)
        .contains("3 of 4 passages reach 5 tokens; what they say after that is not read");
  }

  @Test
  void int8EncodesIndexesAndSearches() throws IOException {
    Run exact = searched("a.run", "model", "model", "corpus", "corpus.jsonl");
    run(
        IndexStage.TYPE,
        "model",
        "model",
        "corpus",
        "corpus.jsonl",
        "out",
        "index",
        "precision",
        "int8");
    Run rounded = searched("b.run", "index", "index", "precision", "int8");
    for (String query : List.of("q1", "q2")) {
      for (ScoredPassage passage : exact.ranking(query)) {
        assertThat(rounded.ranking(query))
            .filteredOn(found -> found.id().equals(passage.id()))
            .singleElement()
            .satisfies(found -> assertThat(found.score()).isCloseTo(passage.score(), within(0.5f)));
      }
    }
  }

  @Test
  void onlyJudgedQueriesAreSearchedForIfJudgmentsAreGiven() throws IOException {
    Files.writeString(folder.resolve("one.tsv"), "query-id\tcorpus-id\tscore\nq2\tp4\t1\n");
    Run run = searched("one.run", "corpus", "corpus.jsonl", "bm25", "true", "qrels", "one.tsv");
    assertThat(run.queries()).containsExactly("q2");
    Files.writeString(folder.resolve("none.tsv"), "query-id\tcorpus-id\tscore\nq9\tp4\t1\n");
    assertThatThrownBy(
            () -> searched("x.run", "corpus", "corpus.jsonl", "bm25", "true", "qrels", "none.tsv"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("holds no query that " + folder.resolve("none.tsv") + " judges");
  }

  @Test
  void bm25NeedsNoModel() throws IOException {
    Run run = searched("bm25.run", "corpus", "corpus.jsonl", "bm25", "true");
    assertThat(run.ranking("q1"))
        .extracting(ScoredPassage::id)
        .containsExactlyInAnyOrder("p1", "p3", "p4")
        .startsWith("p1");
    assertThat(run.ranking("q2")).extracting(ScoredPassage::id).containsExactly("p4");
    assertThat(Files.readString(folder.resolve("bm25.run"))).startsWith("q1 Q0 p1 1 ");
  }

  @Test
  void hybridFusesBothRankings() throws IOException {
    Run run =
        searched(
            "h.run",
            "model",
            "model",
            "corpus",
            "corpus.jsonl",
            "hybrid",
            "true",
            "dense-weight",
            "0");
    assertThat(run.ranking("q1"))
        .extracting(ScoredPassage::id)
        .isEqualTo(
            searched("b.run", "corpus", "corpus.jsonl", "bm25", "true").ranking("q1").stream()
                .map(ScoredPassage::id)
                .toList());
  }

  /** With the best of either side alone, each of the two would have all of its side's weight. */
  @Test
  void theFirstOfAHybridDoNotDependOnHowManyAreAskedFor() throws IOException {
    String[] hybrid = {"model", "model", "corpus", "corpus.jsonl", "hybrid", "true"};
    Run all = searched("all.run", hybrid);
    String[] one = Arrays.copyOf(hybrid, hybrid.length + 2);
    one[hybrid.length] = "k";
    one[hybrid.length + 1] = "1";
    Run first = searched("first.run", one);
    for (String query : List.of("q1", "q2")) {
      assertThat(first.ranking(query)).containsExactly(all.ranking(query).getFirst());
    }
  }

  @Test
  void idsThatNoRunCanHoldAreRefusedBeforeAnythingIsSearched() throws IOException {
    Files.writeString(folder.resolve("queries.jsonl"), "{\"_id\": \"q 1\", \"text\": \"cat\"}\n");
    assertThatThrownBy(() -> searched("x.run", "corpus", "corpus.jsonl", "bm25", "true"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("query id 'q 1' is empty or holds a blank");
    Files.writeString(folder.resolve("corpus.jsonl"), "{\"_id\": \"p 1\", \"text\": \"cat\"}\n");
    assertThatThrownBy(() -> run(IndexStage.TYPE, "corpus", "corpus.jsonl", "out", "index"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("passage id 'p 1' is empty or holds a blank");
  }

  @Test
  void aQuestionIsAnsweredWithPassages() throws IOException {
    run(SearchStage.TYPE, "query", "cat fish", "corpus", "corpus.jsonl", "bm25", "true", "k", "1");
    assertThat(console.results).hasSize(1);
    assertThat(console.results.getFirst())
        .startsWith("  1. Cats  (p1, ")
        .endsWith("\n     cat eats fish");
    run(SearchStage.TYPE, "query", "zebra", "corpus", "corpus.jsonl", "bm25", "true");
    assertThat(console.results.getLast()).isEqualTo("Nothing found.");
    run(IndexStage.TYPE, "model", "model", "corpus", "corpus.jsonl", "out", "index");
    run(SearchStage.TYPE, "query", "cat fish", "index", "index");
    assertThat(console.results.getLast()).contains("cat eats fish", "horse runs");
  }

  @Test
  void theLibraryFindsWhatTheCommandFinds() throws IOException {
    run(IndexStage.TYPE, "model", "model", "corpus", "corpus.jsonl", "out", "index");
    List<ScoredPassage> expected = searched("a.run", "index", "index").ranking("q2");
    try (Retriever retriever = Retriever.open(folder.resolve("model"), folder.resolve("index"))) {
      List<Answer> answers = retriever.search("horse", 2);
      assertThat(answers)
          .extracting(Answer::id)
          .containsExactly(expected.get(0).id(), expected.get(1).id());
      assertThat(answers.getFirst().score()).isCloseTo(expected.getFirst().score(), within(1e-4f));
      assertThat(retriever.search("bird", 5, Ranker.BM25))
          .extracting(Answer::text)
          .containsExactly("bird eats fish fish");
    }
  }

  @Test
  void anIndexRefusesAnotherModelAndOneWithoutVectorsAnyModel() throws IOException {
    run(IndexStage.TYPE, "model", "model", "corpus", "corpus.jsonl", "out", "index");
    TinyModel.write(folder.resolve("other"), 2);
    assertThatThrownBy(() -> searched("x.run", "index", "index", "model", "other"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("another model");
    assertThat(folder.resolve("x.run")).doesNotExist();
    run(IndexStage.TYPE, "corpus", "corpus.jsonl", "out", "words");
    assertThatThrownBy(() -> searched("x.run", "index", "words"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no vectors of a model; search it with bm25");
  }

  @Test
  void minesFromARunAndChecksTheJudgments() throws IOException {
    searched("train.run", "corpus", "corpus.jsonl", "bm25", "true");
    run(
        MineStage.TYPE,
        "qrels",
        "qrels.tsv",
        "run",
        "train.run",
        "corpus",
        "corpus.jsonl",
        "out",
        "n.jsonl");
    assertThat(Files.readString(folder.resolve("n.jsonl")))
        .isEqualTo("{\"query\":\"q1\",\"negatives\":[\"p3\",\"p4\"]}\n");
    assertThat(console.remarks.getLast())
        .isEqualTo(
            "mine: negatives for 1 queries, none for 1; dropped 2 relevant passages and 0 copies");
    Files.writeString(folder.resolve("qrels.tsv"), "q1 0 p1 1\nq2 0 p9 1\n");
    assertThatThrownBy(() ->
            run(
                MineStage.TYPE,
                "qrels",
                "qrels.tsv",
                "run",
                "train.run",
                "corpus",
                "corpus.jsonl",
                "out",
                "n.jsonl"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("qrels.tsv:2: passage 'p9'");
  }

  @Test
  void settingsThatDoNotGoTogetherAreRefused() {
    assertRefused(SearchStage.TYPE, "either a query or queries", "corpus", "corpus.jsonl");
    assertRefused(SearchStage.TYPE, "queries and run go together", "corpus", "c", "queries", "q");
    assertRefused(
        SearchStage.TYPE, "one of index, work and corpus", "query", "cat", "bm25", "true");
    assertRefused(SearchStage.TYPE, "expected a model", "query", "cat", "corpus", "c");
    assertRefused(
        SearchStage.TYPE, "k is 0", "query", "cat", "corpus", "c", "bm25", "true", "k", "0");
    assertRefused(EncodeStage.TYPE, "either corpus or queries", "model", "m", "out", "o");
    assertRefused(IndexStage.TYPE, "k1 is -1.0", "corpus", "c", "out", "o", "k1", "-1");
  }

  private void assertRefused(StageType type, String message, String... settings) {
    assertThatThrownBy(() -> run(type, settings))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }

  @Test
  void precisionsAreMeasuredByWhatTheirVectorsFind() throws IOException {
    StageType bench =
        Benches.ALL.stream()
            .filter(type -> type.name().equals("bench precision"))
            .findFirst()
            .orElseThrow();
    run(
        bench,
        "model",
        "model",
        "corpus",
        "corpus.jsonl",
        "queries",
        "queries.jsonl",
        "qrels",
        "qrels.tsv",
        "precisions",
        "fp32");
    assertThat(console.results.getLast()).contains("nDCG@10", "encode fp32");
  }
}
