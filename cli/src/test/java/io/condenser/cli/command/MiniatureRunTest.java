package io.condenser.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.condenser.cli.FreshStage;
import io.condenser.cli.RecordingConsole;
import io.condenser.cli.VocabStage;
import io.condenser.cli.recipe.Recipe;
import io.condenser.cli.recipe.RecipeReader;
import io.condenser.cli.recipe.RecipeRun;
import io.condenser.cli.report.ReportStage;
import io.condenser.evaluation.Evaluation;
import io.condenser.evaluation.Measure;
import io.condenser.evaluation.Qrels;
import io.condenser.evaluation.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every recipe runs whole on its miniature. Only the encoder is smaller yet than users have it: two
 * layers of 32 that know nothing, so that what it finds is not measured, but BM25 is.
 */
class MiniatureRunTest {
  private static final List<String> WITH_CROSS_ENCODERS = List.of("rocketqa", "cocondenser-plus");

  @TempDir private static Path shared;
  private static Path encoder = Path.of("");

  private final RecordingConsole console = new RecordingConsole();

  @BeforeAll
  static void makeEncoder() {
    Path corpus = RecipesTest.ROOT.resolve("miniatures/natural-questions/psgs_w100.tsv");
    Path vocab = shared.resolve("vocab");
    encoder = shared.resolve("encoder");
    new VocabStage(corpus, vocab, 800, 2, true).run(new RecordingConsole());
    new FreshStage(vocab, encoder, 2, 32, 2, 1).run(new RecordingConsole());
  }

  private Recipe recipe(String name, Path work) {
    return new RecipeReader(Stages.ALL)
        .miniature(RecipesTest.ROOT.resolve("recipes/" + name + ".yaml"), variables(name, work));
  }

  /**
   * A cross-encoder that knows nothing has to learn its sixty queries by heart to be sure of any.
   */
  private static Map<String, String> variables(String name, Path work) {
    Map<String, String> variables = new HashMap<>();
    variables.put("work", work.toString());
    variables.put("encoder", encoder.toString());
    if (WITH_CROSS_ENCODERS.contains(name)) {
      variables.put("reranker-rate", "3e-3");
      variables.put("reranker-epochs", "20");
    }
    return variables;
  }

  @ParameterizedTest
  @CsvSource({
    "msmarco, 0.9416666667",
    "msmarco-titles, 0.9416666667",
    "natural-questions, 0.9666666667",
    "triviaqa, 0.9666666667",
    "rocketqa, 0.9416666667",
    "cocondenser-plus, 0.9416666667",
    "beir, 0.9777777778"
  })
  void itRunsWhole(String name, double bm25, @TempDir Path work) throws IOException {
    Recipe recipe = recipe(name, work);

    new RecipeRun(recipe, console).run(null, List.of());

    assertStages(recipe, false);
    assertThat(recipe.steps())
        .allSatisfy(step ->
            assertThat(step.stage().outputs()).allSatisfy(path -> assertThat(path).exists()));
    ReportStage report = (ReportStage) recipe.steps().getLast().stage();
    JsonNode table = new JsonMapper().readTree(report.out().resolve("results.json"));
    assertThat(table.path("queries").asInt()).isEqualTo(30);
    assertMeansAreShares(table);
    assertThat(reciprocalRank(report)).isCloseTo(bm25, within(1e-9));
    assertLossesAreNumbers(work);

    new RecipeRun(recipe, console).run(null, List.of());
    assertStages(recipe, true);
  }

  /** RR@10 of BM25, the first of the table. */
  private static double reciprocalRank(ReportStage report) {
    Path run = Path.of(report.runs().getFirst().replaceFirst("^BM25=", ""));
    List<Measure> measures = Measure.parseAll("RR@10");
    return Evaluation.of(Qrels.read(report.qrels()), Run.read(run), measures)
        .mean(measures.getFirst());
  }

  /** The record of the run holds all stages; a report reads that record, and runs each time. */
  private static void assertStages(Recipe recipe, boolean kept) {
    JsonNode record = new JsonMapper().readTree(recipe.work().resolve("run.json"));
    assertThat(record.path("finished").asString()).isNotEmpty();
    assertThat(record.path("stages").size()).isEqualTo(recipe.steps().size());
    for (JsonNode stage : record.path("stages")) {
      if (!stage.path("stage").asString().equals("report")) {
        assertThat(stage.path("kept").asBoolean())
            .as(stage.path("name").asString())
            .isEqualTo(kept);
      }
    }
  }

  private static void assertMeansAreShares(JsonNode table) {
    assertThat(table.path("systems").size()).isGreaterThanOrEqualTo(3);
    for (JsonNode system : table.path("systems")) {
      for (JsonNode measure : table.path("measures")) {
        assertThat(system.path("means").path(measure.asString()).isNumber()).isTrue();
        assertThat(system.path("means").path(measure.asString()).asDouble()).isBetween(0.0, 1.0);
      }
    }
  }

  private static void assertLossesAreNumbers(Path work) throws IOException {
    try (var files = Files.walk(work)) {
      List<Path> metrics =
          files.filter(file -> file.getFileName().toString().equals("metrics.jsonl")).toList();
      assertThat(metrics).hasSizeGreaterThanOrEqualTo(3);
      for (Path file : metrics) {
        for (String line : Files.readAllLines(file)) {
          JsonNode loss = new JsonMapper().readTree(line).path("loss");
          assertThat(loss.isMissingNode() || (loss.isNumber() && Double.isFinite(loss.asDouble())))
              .as("%s: %s", file, line)
              .isTrue();
        }
      }
    }
  }
}
