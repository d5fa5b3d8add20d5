package io.condenser.cli.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.cli.Given;
import io.condenser.cli.RecordingConsole;
import io.condenser.cli.StageType;
import io.condenser.cli.retrieval.RerankStage;
import io.condenser.cli.retrieval.TinyModel;
import io.condenser.evaluation.Run;
import io.condenser.model.ModelFolder;
import io.condenser.model.Precision;
import io.condenser.model.RerankerConfig;
import io.condenser.model.RerankingModel;
import io.condenser.storage.InputException;
import io.condenser.text.Passage;
import io.condenser.text.Query;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Query qI asks for two words, passage pI says them; a run ranks all passages in their order. */
class RerankerStagesTest {
  private static final int COUNT = 8;

  @TempDir Path folder;
  private final RecordingConsole console = new RecordingConsole();

  @BeforeEach
  void writeData() throws IOException {
    TinyModel.write(folder.resolve("start"), 1);
    List<String> corpus = new ArrayList<>();
    List<String> queries = new ArrayList<>();
    List<String> qrels = new ArrayList<>(List.of("query-id\tcorpus-id\tscore"));
    List<String> negatives = new ArrayList<>();
    List<String> run = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      corpus.add(
          "{\"_id\":\"p%d\",\"title\":\"%s\",\"text\":\"eats %s\"}"
              .formatted(i, word(i), word(i + 1 + i / 5)));
      queries.add("{\"_id\":\"q%d\",\"text\":\"%s eats\"}".formatted(i, word(i)));
      qrels.add("q%d\tp%d\t1".formatted(i, i));
      negatives.add(
          "{\"query\":\"q%d\",\"negatives\":[\"p%d\",\"p%d\"]}"
              .formatted(i, (i + 1) % COUNT, (i + 3) % COUNT));
      for (int rank = 0; rank < COUNT; rank++) {
        run.add("q%d Q0 p%d %d %d bm25".formatted(i, rank, rank + 1, -rank));
      }
    }
    Files.write(folder.resolve("corpus.jsonl"), corpus);
    Files.write(folder.resolve("queries.jsonl"), queries);
    Files.write(folder.resolve("qrels.tsv"), qrels);
    Files.write(folder.resolve("negatives.jsonl"), negatives);
    Files.write(folder.resolve("bm25.run"), run);
  }

  private static String word(int i) {
    return TinyModel.WORDS.get(i % 5);
  }

  @Test
  void trainingLeavesACrossEncoderAndItsMetrics() throws IOException {
    run(TrainRerankerStage.TYPE, training(Map.of()));
    assertThat(ModelFolder.open(folder.resolve("reranker")).hasClassifier()).isTrue();
    try (RerankingModel model = RerankingModel.open(folder.resolve("reranker"), Precision.FP32)) {
      assertThat(model.config()).isEqualTo(new RerankerConfig(8, 16, true));
    }
    assertThat(folder.resolve("reranker/provenance.json"))
        .content()
        .contains("train-reranker")
        .contains("pointwise");
    assertThat(folder.resolve("reranker-training/metrics.jsonl")).content().contains("\"loss\":");
    assertThat(folder.resolve("reranker-training"))
        .isDirectoryNotContaining("glob:**checkpoint-*")
        .isDirectoryNotContaining("glob:**passages.safetensors");
    assertThat(console.remarks).contains("fresh pooler and classifier");
  }

  @Test
  void trainingGoesOnWithTheClassifierThatIsThere() throws IOException {
    run(TrainRerankerStage.TYPE, training(Map.of()));
    Map<String, String> more = training(Map.of("loss", "listwise"));
    more.put("model", folder.resolve("reranker").toString());
    more.put("out", folder.resolve("further").toString());
    run(TrainRerankerStage.TYPE, more);
    assertThat(console.remarks).filteredOn(line -> line.startsWith("fresh")).hasSize(1);
    assertThat(ModelFolder.open(folder.resolve("further")).hasClassifier()).isTrue();
  }

  @Test
  void devQueriesChooseTheCheckpoint() throws IOException {
    Map<String, String> settings = training(Map.of("validate-every", "1"));
    settings.put("dev-queries", folder.resolve("queries.jsonl").toString());
    settings.put("dev-qrels", folder.resolve("qrels.tsv").toString());
    settings.put("dev-run", folder.resolve("bm25.run").toString());
    run(TrainRerankerStage.TYPE, settings);
    assertThat(folder.resolve("reranker-training/metrics.jsonl")).content().contains("\"dev\":");
    assertThat(console.remarks).anyMatch(line -> line.contains("was the best"));
  }

  @Test
  void halfAValidationIsRefused() {
    Map<String, String> settings =
        training(Map.of("dev-queries", folder.resolve("queries.jsonl").toString()));
    assertThatThrownBy(() -> run(TrainRerankerStage.TYPE, settings))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("dev-queries, dev-qrels and dev-run belong together");
  }

  @Test
  void pairsLongerThanTheModelAreRefused() {
    assertThatThrownBy(() -> run(TrainRerankerStage.TYPE, training(Map.of("length", "513"))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("512 positions");
  }

  @Test
  void aRerankedRunHasTheLogitsOfItsFirstRanks() throws IOException {
    run(TrainRerankerStage.TYPE, training(Map.of()));
    run(RerankStage.TYPE, reranking(Map.of("depth", "3")));
    Run reranked = Run.read(folder.resolve("reranked.run"));
    assertThat(reranked.queries()).hasSize(COUNT);
    assertThat(reranked.depth()).isEqualTo(3);
    try (RerankingModel model = RerankingModel.open(folder.resolve("reranker"), Precision.FP32)) {
      int[] query = model.tokens(new Query("q0", word(0) + " eats"));
      reranked
          .ranking("q0")
          .forEach(scored -> {
            int i = Integer.parseInt(scored.id().substring(1));
            Passage passage = new Passage("p", word(i), "eats " + word(i + 1), null, List.of());
            float alone = model.score(List.of(model.pair(query, model.tokens(passage))))[0];
            assertThat(scored.score()).isCloseTo(alone, Assertions.within(1e-5f));
          });
    }
  }

  /** Five words: of eight queries three are the text of another. */
  @Test
  void theCacheSparesWhatItKnowsAndChangesNothing() throws IOException {
    run(TrainRerankerStage.TYPE, training(Map.of()));
    Map<String, String> cached =
        reranking(Map.of("depth", "3", "cache", folder.resolve("new/scores").toString()));
    run(RerankStage.TYPE, cached);
    assertThat(console.remarks).contains("rerank: scored 15 pairs; 9 were known");
    byte[] first = Files.readAllBytes(folder.resolve("reranked.run"));
    run(RerankStage.TYPE, cached);
    assertThat(console.remarks).contains("rerank: scored 0 pairs; 24 were known");
    assertThat(folder.resolve("reranked.run")).hasBinaryContent(first);
    cached.put("depth", "5");
    run(RerankStage.TYPE, cached);
    assertThat(console.remarks).contains("rerank: scored 10 pairs; 30 were known");
  }

  /** So that a recipe's step stays done, wherever scores are kept. */
  @Test
  void theCacheDecidesNothing() {
    StageType type = RerankStage.TYPE;
    Map<String, String> settings = reranking(Map.of());
    Map<String, String> without = type.decisive(type.bind("test", given(settings)));
    settings.put("cache", folder.resolve("scores").toString());
    assertThat(type.decisive(type.bind("test", given(settings)))).isEqualTo(without);
  }

  @Test
  void eachModelHasAFileOfItsOwnInTheCache() throws IOException {
    run(TrainRerankerStage.TYPE, training(Map.of()));
    String cache = folder.resolve("scores").toString();
    run(RerankStage.TYPE, reranking(Map.of("cache", cache)));
    run(TrainRerankerStage.TYPE, training(Map.of("seed", "7")));
    run(RerankStage.TYPE, reranking(Map.of("cache", cache)));
    assertThat(folder.resolve("scores").toFile().list())
        .hasSize(2)
        .allSatisfy(name -> assertThat(name).matches("[0-9a-f]{16}\\.scores"));
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> run(RerankStage.TYPE, reranking(Map.of("cache", file.toString()))))
        .isInstanceOf(InputException.class)
        .hasMessage(file + ": is a file; expected a folder of scores");
  }

  @Test
  void aRunOfOtherQueriesIsRefused() throws IOException {
    run(TrainRerankerStage.TYPE, training(Map.of()));
    Files.writeString(folder.resolve("bm25.run"), "q99 Q0 p1 1 1 bm25\n");
    assertThatThrownBy(() -> run(RerankStage.TYPE, reranking(Map.of())))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("q99")
        .hasMessageContaining("belong together");
    assertThat(folder.resolve("reranked.run")).doesNotExist();
  }

  @Test
  void aBiEncoderCannotRerank() {
    Map<String, String> settings = reranking(Map.of());
    settings.put("model", folder.resolve("start").toString());
    assertThatThrownBy(() -> run(RerankStage.TYPE, settings))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no cross-encoder");
  }

  @Test
  void int8IsRefused() {
    assertThatThrownBy(() -> run(RerankStage.TYPE, reranking(Map.of("precision", "int8"))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("precision is int8; expected auto, fp32 or bf16");
  }

  private void run(StageType type, Map<String, String> settings) throws IOException {
    type.bind("test", given(settings)).run(console);
  }

  private static Map<String, Given> given(Map<String, String> settings) {
    Map<String, Given> given = new LinkedHashMap<>();
    settings.forEach((key, value) -> given.put(key, new Given("test", List.of(value))));
    return given;
  }

  private Map<String, String> training(Map<String, String> more) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("model", folder.resolve("start").toString());
    settings.put("corpus", folder.resolve("corpus.jsonl").toString());
    settings.put("queries", folder.resolve("queries.jsonl").toString());
    settings.put("qrels", folder.resolve("qrels.tsv").toString());
    settings.put("negatives", folder.resolve("negatives.jsonl").toString());
    settings.put("out", folder.resolve("reranker").toString());
    settings.put("batch", "4");
    settings.put("negatives-per-query", "2");
    settings.put("query-length", "8");
    settings.put("length", "16");
    settings.put("precision", "fp32");
    settings.putAll(more);
    return settings;
  }

  private Map<String, String> reranking(Map<String, String> more) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("model", folder.resolve("reranker").toString());
    settings.put("corpus", folder.resolve("corpus.jsonl").toString());
    settings.put("queries", folder.resolve("queries.jsonl").toString());
    settings.put("run", folder.resolve("bm25.run").toString());
    settings.put("out", folder.resolve("reranked.run").toString());
    settings.putAll(more);
    return settings;
  }
}
