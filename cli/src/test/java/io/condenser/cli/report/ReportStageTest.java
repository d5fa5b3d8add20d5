package io.condenser.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.cli.Console;
import io.condenser.evaluation.Decimals;
import io.condenser.evaluation.Evaluation;
import io.condenser.evaluation.Measure;
import io.condenser.storage.InputException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** From small runs to a page and its numbers. */
class ReportStageTest {
  private static final SmallRuns RUNS = new SmallRuns(30);
  private static final String MEASURES = "RR@10 R@2";

  @TempDir Path folder;
  private final List<String> results = new ArrayList<>();

  @BeforeEach
  void writeInputs() throws IOException {
    RUNS.qrels().writeBeir(folder.resolve("qrels.tsv"));
    RUNS.run(4).writeTrec(folder.resolve("bm25.run"), "bm25");
    RUNS.run(1).writeTrec(folder.resolve("dense.run"), "dense");
    List<String> passages = new ArrayList<>();
    List<String> queries = new ArrayList<>();
    for (int i = 0; i < RUNS.queries(); i++) {
      passages.add(
          "{\"_id\": \"p%d\", \"title\": \"T\", \"text\": \"passage %d <x> & y\"}".formatted(i, i));
      queries.add("{\"_id\": \"q%d\", \"text\": \"query number %d \\\"</td>\"}".formatted(i, i));
    }
    Files.write(folder.resolve("corpus.jsonl"), passages);
    Files.write(folder.resolve("queries.jsonl"), queries);
    Files.write(
        folder.resolve("metrics.jsonl"),
        List.of("{\"step\": 1, \"loss\": 2.5}", "{\"step\": 2, \"loss\": 1.25, \"dev\": 0.5}"));
    Files.writeString(
        folder.resolve("run.json"),
        """
        {"name": "tiny", "text": "name: tiny & <small>", "stages":
          [{"name": "first", "stage": "javadoc", "seconds": 61, "settings": {"seed": "42"}}]}
        """);
  }

  @Test
  void thePageIsWellFormedAndLoadsNothing() throws Exception {
    run(full());
    Document page = page();
    assertThat(page.getElementsByTagName("script").getLength()).isZero();
    assertThat(page.getElementsByTagName("link").getLength()).isZero();
    assertThat(page.getElementsByTagName("img").getLength()).isZero();
    assertThat(Files.readString(folder.resolve("out/report.html")))
        .doesNotContainPattern("https?://|url\\(|@import| src=| href=");
  }

  @Test
  void theNumbersAreTheEvaluations() throws IOException {
    run(full());
    Evaluation dense = Evaluation.of(RUNS.qrels(), RUNS.run(1), Measure.parseAll(MEASURES));
    JsonNode json =
        JsonMapper.shared().readTree(Files.readString(folder.resolve("out/results.json")));
    JsonNode system = json.path("systems").path(1);
    assertThat(system.path("name").asString()).isEqualTo("dense & co");
    for (Measure measure : dense.measures()) {
      double mean = dense.mean(measure);
      assertThat(system.path("means").path(measure.toString()).asDouble()).isEqualTo(mean);
      assertThat(results.getFirst()).contains(Decimals.four(mean));
      assertThat(Files.readString(folder.resolve("out/report.html"))).contains(Decimals.four(mean));
    }
    assertThat(system.path("against").path(0).path("difference").asDouble()).isEqualTo(0.75);
    assertThat(json.path("made").path("seconds").path("first").asDouble()).isEqualTo(61);
  }

  @Test
  void theTableIsTheOnlyResult() throws IOException {
    run(full());
    assertThat(results).hasSize(1);
    assertThat(results.getFirst()).contains("BM25 (a)").contains("dense & co");
  }

  @Test
  void publishedFiguresStandBelowTheTable() throws Exception {
    run(full());
    String line =
        "RR@10 0.3820: coCondenser, Gao & Callan 2021, table 2; here at most 1.0000 (dense & co)";
    assertThat(results.getFirst()).endsWith("\n\nPublished:\n  " + line);
    assertThat(page().getDocumentElement().getTextContent()).contains(line);
    JsonNode json =
        JsonMapper.shared().readTree(Files.readString(folder.resolve("out/results.json")));
    assertThat(json.path("expected").path(0).path("value").asDouble()).isEqualTo(0.382);
    assertThat(json.path("expected").path(0).path("source").asString()).contains("table 2");
  }

  @Test
  void thePageShowsCurvesExamplesAndTheRecipe() throws Exception {
    run(full());
    String text = page().getDocumentElement().getTextContent();
    assertThat(text).contains("loss by step", "2.5 → 1.25", "dev");
    assertThat(text).contains("dense & co gains on BM25 in 30 of 30 queries");
    assertThat(text).contains("query number 0 \"</td>", "T · passage 0 <x> & y");
    assertThat(text).contains("name: tiny & <small>", "1 min 01 s");
  }

  @Test
  void examplesAreTenOfAKind() throws Exception {
    run(full());
    var rows = page().getElementsByTagName("b");
    long examples = 0;
    for (int i = 0; i < rows.getLength(); i++) {
      examples += rows.item(i).getTextContent().startsWith("query number") ? 1 : 0;
    }
    assertThat(examples).isEqualTo(Gains.EXAMPLES); // all gains: none lost
  }

  @Test
  void textsMetricsAndRecordMayBeMissing() throws Exception {
    run(stage(List.of("a=" + folder.resolve("bm25.run")), List.of(), List.of(), false));
    assertThat(page().getDocumentElement().getTextContent()).contains("Means over 30 queries.");
  }

  @Test
  void everythingReadIsAnInput() {
    assertThat(full().inputs())
        .extracting(path -> path.getFileName().toString())
        .containsExactlyInAnyOrder(
            "qrels.tsv",
            "bm25.run",
            "dense.run",
            "metrics.jsonl",
            "queries.jsonl",
            "corpus.jsonl",
            "run.json");
  }

  @Test
  void wrongSettingsAreRefusedByName() {
    assertThatThrownBy(() -> stage(List.of("bm25.run"), List.of(), List.of(), false))
        .isInstanceOf(InputException.class)
        .hasMessage("runs: 'bm25.run'; expected NAME=FILE, like BM25=bm25.run");
    assertThatThrownBy(() -> stage(List.of("a=x", "a=y"), List.of(), List.of(), false))
        .isInstanceOf(InputException.class)
        .hasMessage("runs: two are named 'a'");
    assertThatThrownBy(() -> stage(List.of("a=x"), List.of("b"), List.of(), false))
        .isInstanceOf(InputException.class)
        .hasMessage("baselines is [b]; expected names of runs, each once, of [a]");
  }

  @Test
  void publishedFiguresAreReadStrictly() {
    assertThat(Published.parse("nDCG@10=0.5 A = B"))
        .isEqualTo(new Published(Measure.parse("nDCG@10"), 0.5, "A = B"));
    for (String wrong : List.of("RR@10", "RR@10=.3", "RR@10=38.2 percent", "=.3 x")) {
      assertThatThrownBy(() -> Published.parse(wrong))
          .as(wrong)
          .isInstanceOf(InputException.class)
          .hasMessageContaining("expected");
    }
  }

  private ReportStage full() {
    return stage(
        List.of("BM25=" + folder.resolve("bm25.run"), "dense & co=" + folder.resolve("dense.run")),
        List.of("BM25"),
        List.of("pre-training=" + folder.resolve("metrics.jsonl")),
        true);
  }

  private ReportStage stage(
      List<String> runs, List<String> baselines, List<String> metrics, boolean texts) {
    return new ReportStage(
        folder.resolve("qrels.tsv"),
        runs,
        folder.resolve("out"),
        baselines,
        MEASURES,
        texts ? folder.resolve("queries.jsonl") : null,
        texts ? folder.resolve("corpus.jsonl") : null,
        metrics,
        texts ? folder.resolve("run.json") : null,
        texts ? List.of("RR@10=.382 coCondenser, Gao & Callan 2021, table 2") : List.of(),
        "A <small> report",
        0.95,
        1000,
        0);
  }

  private void run(ReportStage stage) {
    stage.run(
        new Console() {
          @Override
          public void say(String line) {}

          @Override
          public void result(String text) {
            results.add(text);
          }

          @Override
          public Progress progress(String what, long total, String unit) {
            throw new AssertionError("nothing takes long: " + what);
          }
        });
  }

  private Document page() throws Exception {
    String html = Files.readString(folder.resolve("out/report.html"));
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(html.replaceFirst("<!DOCTYPE html>\n", ""))));
  }
}
