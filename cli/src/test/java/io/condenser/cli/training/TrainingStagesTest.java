package io.condenser.cli.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.cli.Given;
import io.condenser.cli.RecordingConsole;
import io.condenser.cli.Stage;
import io.condenser.cli.StageType;
import io.condenser.cli.retrieval.TinyModel;
import io.condenser.model.ModelFolder;
import io.condenser.model.Precision;
import io.condenser.model.RetrievalModel;
import io.condenser.storage.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingStagesTest {
  private static final int DOCUMENTS = 8;

  @TempDir Path folder;
  private final RecordingConsole console = new RecordingConsole();

  @BeforeEach
  void writeData() throws IOException {
    TinyModel.write(folder.resolve("start"), 1);
    List<String> corpus = new ArrayList<>();
    List<String> queries = new ArrayList<>();
    List<String> qrels = new ArrayList<>(List.of("query-id\tcorpus-id\tscore"));
    List<String> negatives = new ArrayList<>();
    for (int i = 0; i < DOCUMENTS; i++) {
      String one = TinyModel.WORDS.get(i % 5);
      String other = TinyModel.WORDS.get((i + 1) % 5);
      corpus.add(
          "{\"_id\":\"p%d\",\"title\":\"%s\",\"text\":\"%s eats %s.\",\"spans\":[\"%s eats %s\",\"%s runs\"]}"
              .formatted(i, one, one, other, one, other, one));
      queries.add("{\"_id\":\"q%d\",\"text\":\"%s eats\"}".formatted(i, one));
      qrels.add("q%d\tp%d\t1".formatted(i, i));
      negatives.add(
          "{\"query\":\"q%d\",\"negatives\":[\"p%d\"]}".formatted(i, (i + 3) % DOCUMENTS));
    }
    Files.write(folder.resolve("corpus.jsonl"), corpus);
    Files.write(folder.resolve("queries.jsonl"), queries);
    Files.write(folder.resolve("qrels.tsv"), qrels);
    Files.write(folder.resolve("negatives.jsonl"), negatives);
  }

  @Test
  void preTrainingLeavesAModelWithBothHeadsAndItsMetrics() throws IOException {
    run(PretrainStage.TYPE, pretrain(Map.of("fresh-head", "true")));
    ModelFolder out = ModelFolder.open(folder.resolve("pretrained"));
    assertThat(out.headLayers()).isEqualTo(1);
    assertThat(out.hasMlmHead()).isTrue();
    assertThat(folder.resolve("pretrained/provenance.json")).content().contains("cocondenser");
    assertThat(folder.resolve("pretrained-training/metrics.jsonl"))
        .content()
        .contains("\"contrastive\":")
        .contains("\"head_mlm\":");
    assertThat(folder.resolve("pretrained-training"))
        .isDirectoryNotContaining("glob:**checkpoint-*");
  }

  @Test
  void preTrainingGoesOnWithTheHeadThatWasKept() throws IOException {
    run(PretrainStage.TYPE, pretrain(Map.of("fresh-head", "true", "objective", "condenser")));
    Map<String, String> more = pretrain(Map.of());
    more.put("model", folder.resolve("pretrained").toString());
    more.put("out", folder.resolve("further").toString());
    run(PretrainStage.TYPE, more);
    assertThat(ModelFolder.open(folder.resolve("further")).headLayers()).isEqualTo(1);
    assertThat(console.remarks).filteredOn(line -> line.startsWith("fresh")).hasSize(2);
  }

  @Test
  void aMissingHeadIsAnErrorUnlessAFreshOneIsAskedFor() {
    assertThatThrownBy(() -> run(PretrainStage.TYPE, pretrain(Map.of())))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("MLM head")
        .hasMessageContaining("fresh-head");
    assertThat(folder.resolve("pretrained")).doesNotExist();
  }

  @Test
  void fineTuningLeavesARetriever() throws IOException {
    run(FinetuneStage.TYPE, finetune(Map.of()));
    try (RetrievalModel model = RetrievalModel.open(folder.resolve("retriever"), Precision.FP32)) {
      assertThat(model.config().passageLength()).isEqualTo(16);
    }
  }

  @Test
  void inBatchNegativesAloneAreEnough() throws IOException {
    Map<String, String> settings = finetune(Map.of("negatives-per-query", "0", "negatives", ""));
    run(FinetuneStage.TYPE, settings);
    assertThat(folder.resolve("retriever-training/metrics.jsonl")).content().contains("\"loss\":");
  }

  @Test
  void untiedEncodersAreKeptApart() throws IOException {
    run(FinetuneStage.TYPE, finetune(Map.of("untied", "true", "learning-rate", "1e-2")));
    ModelFolder out = ModelFolder.open(folder.resolve("retriever"));
    assertThat(out.untied()).isTrue();
    assertThat(folder.resolve("retriever/query/model.safetensors"))
        .content(StandardCharsets.ISO_8859_1)
        .isNotEqualTo(
            Files.readString(
                folder.resolve("retriever/model.safetensors"), StandardCharsets.ISO_8859_1));
  }

  @Test
  void devQueriesChooseTheCheckpoint() throws IOException {
    Map<String, String> settings = finetune(Map.of("validate-every", "1"));
    settings.put("dev-queries", folder.resolve("queries.jsonl").toString());
    settings.put("dev-qrels", folder.resolve("qrels.tsv").toString());
    run(FinetuneStage.TYPE, settings);
    assertThat(folder.resolve("retriever-training/metrics.jsonl")).content().contains("\"dev\":");
    assertThat(console.remarks).anyMatch(line -> line.contains("was the best"));
  }

  @Test
  void judgmentsOfUnknownPassagesAreRefusedByLine() throws IOException {
    Files.writeString(
        folder.resolve("qrels.tsv"), "query-id\tcorpus-id\tscore\nq1\tp1\t1\nq2\tnobody\t1\n");
    assertThatThrownBy(() -> run(FinetuneStage.TYPE, finetune(Map.of())))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("qrels.tsv:3")
        .hasMessageContaining("nobody");
  }

  @Test
  void negativesOfAnotherCorpusAreRefused() throws IOException {
    Files.writeString(
        folder.resolve("negatives.jsonl"), "{\"query\":\"q1\",\"negatives\":[\"nobody\"]}\n");
    assertThatThrownBy(() -> run(FinetuneStage.TYPE, finetune(Map.of())))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("negatives.jsonl")
        .hasMessageContaining("nobody");
  }

  @Test
  void int8IsRefusedByNameWithTheChoices() {
    String message = "precision is int8; expected auto, fp32 or bf16: int8 only encodes";
    assertThatThrownBy(() -> run(PretrainStage.TYPE, pretrain(Map.of("precision", "int8"))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
    assertThatThrownBy(() -> run(FinetuneStage.TYPE, finetune(Map.of("precision", "int8"))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }

  private void run(StageType type, Map<String, String> settings) throws IOException {
    Map<String, Given> given = new LinkedHashMap<>();
    settings.forEach((key, value) -> given.put(key, new Given("test", List.of(value))));
    Stage stage = type.bind("test", given);
    stage.run(console);
  }

  private Map<String, String> pretrain(Map<String, String> more) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("model", folder.resolve("start").toString());
    settings.put("corpus", folder.resolve("corpus.jsonl").toString());
    settings.put("out", folder.resolve("pretrained").toString());
    settings.put("head-layers", "1");
    settings.put("head-warmup-steps", "1");
    settings.put("batch", "4");
    settings.put("epochs", "1");
    settings.put("span-length", "16");
    settings.put("precision", "fp32");
    settings.putAll(more);
    return settings;
  }

  private Map<String, String> finetune(Map<String, String> more) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("model", folder.resolve("start").toString());
    settings.put("corpus", folder.resolve("corpus.jsonl").toString());
    settings.put("queries", folder.resolve("queries.jsonl").toString());
    settings.put("qrels", folder.resolve("qrels.tsv").toString());
    settings.put("negatives", folder.resolve("negatives.jsonl").toString());
    settings.put("out", folder.resolve("retriever").toString());
    settings.put("batch", "4");
    settings.put("epochs", "2");
    settings.put("query-length", "16");
    settings.put("passage-length", "16");
    settings.put("precision", "fp32");
    settings.putAll(more);
    return settings;
  }
}
