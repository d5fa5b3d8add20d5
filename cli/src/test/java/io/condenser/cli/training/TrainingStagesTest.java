package io.condenser.cli.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.cli.Given;
import io.condenser.cli.RecordingConsole;
import io.condenser.cli.Stage;
import io.condenser.cli.StageType;
import io.condenser.cli.retrieval.TinyModel;
import io.condenser.model.ModelFolder;
import io.condenser.model.Pooling;
import io.condenser.model.Precision;
import io.condenser.model.RetrievalModel;
import io.condenser.model.RetrieverConfig;
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
  void aFolderThatIsNoTrainingsIsNotTakenForCheckpoints() throws IOException {
    Path own = Files.createDirectory(folder.resolve("pretrained-training"));
    Path notes = Files.writeString(own.resolve("notes.txt"), "mine");
    assertThatThrownBy(() -> run(PretrainStage.TYPE, pretrain(Map.of("fresh-head", "true"))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("pretrained-training: holds files, but none of a training");
    assertThat(notes).hasContent("mine");
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
  void preTrainingKeepsHowTheModelReadsTexts() throws IOException {
    RetrieverConfig prefixed =
        new RetrieverConfig(Pooling.MEAN, true, 8, 9, false, "cat eats", "dog runs fish");
    Files.writeString(folder.resolve("start/" + RetrieverConfig.FILE), prefixed.toJson());
    run(PretrainStage.TYPE, pretrain(Map.of("fresh-head", "true")));
    assertThat(RetrieverConfig.read(folder.resolve("pretrained")))
        .isEqualTo(
            new RetrieverConfig(Pooling.CLS, false, 8, 9, false, "cat eats", "dog runs fish"));
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
  void aPrefixTakesNothingOfTheTextAndNoPositionsThatThereAreNot() throws IOException {
    RetrieverConfig prefixed =
        new RetrieverConfig(Pooling.CLS, false, 8, 8, true, "cat eats", "dog runs fish");
    Files.writeString(folder.resolve("start/" + RetrieverConfig.FILE), prefixed.toJson());
    int positions = ModelFolder.open(folder.resolve("start")).config().maxPositionEmbeddings();
    String longest = Integer.toString(positions - 1);
    run(FinetuneStage.TYPE, finetune(Map.of("passage-length", longest)));

    RetrieverConfig trained = RetrieverConfig.read(folder.resolve("retriever"));
    assertThat(trained.queryLength()).isEqualTo(16 + 2);
    assertThat(trained.passageLength()).isEqualTo(positions);
    assertThat(trained.passagePrefix()).isEqualTo("dog runs fish");
    assertThat(console.remarks).noneMatch(line -> line.contains("is not read"));
  }

  @Test
  void passagesThatAreCutAreSpokenOf() throws IOException {
    run(FinetuneStage.TYPE, finetune(Map.of("passage-length", "5")));
    assertThat(console.remarks)
        .contains("8 of 8 passages reach 5 tokens; what they say after that is not read");
  }

  @Test
  void inBatchNegativesAloneAreEnough() throws IOException {
    Map<String, String> settings = finetune(Map.of("negatives-per-query", "0", "negatives", ""));
    run(FinetuneStage.TYPE, settings);
    assertThat(folder.resolve("retriever-training/metrics.jsonl")).content().contains("\"loss\":");
  }

  @Test
  void aTeacherIsLearnedFrom() throws IOException {
    writeTeacher();
    Map<String, String> settings = finetune(Map.of("distillation", "kl", "seed", "7"));
    settings.put("teacher", folder.resolve("reranked.run").toString());
    run(FinetuneStage.TYPE, settings);
    assertThat(folder.resolve("retriever-training/metrics.jsonl"))
        .content()
        .contains("\"contrastive\":")
        .contains("\"distillation\":");
    assertThat(console.remarks)
        .anyMatch(line -> line.contains("a relevant passage of 8 of 8 queries is scored"));
  }

  @Test
  void aTeacherOfOtherQueriesIsRefused() throws IOException {
    Files.writeString(folder.resolve("reranked.run"), "other Q0 p1 1 2.5 reranker\n");
    Map<String, String> settings = finetune(Map.of("distillation", "margin-mse"));
    settings.put("teacher", folder.resolve("reranked.run").toString());
    assertThatThrownBy(() -> run(FinetuneStage.TYPE, settings))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("reranked.run: no relevant passage of any training query is scored");
  }

  @Test
  void aQueryHasOneTeacher() throws IOException {
    writeTeacher();
    Files.writeString(folder.resolve("again.run"), "q3 Q0 p3 1 2.5 reranker\n");
    Map<String, String> settings = finetune(Map.of("distillation", "kl"));
    settings.put("teacher", both("reranked.run", "again.run"));
    assertThatThrownBy(() -> run(FinetuneStage.TYPE, settings))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("again.run: query 'q3' is in a teacher's run before");
  }

  @Test
  void distillationAndItsTeacherGoTogether() {
    assertThatThrownBy(() -> run(FinetuneStage.TYPE, finetune(Map.of("distillation", "kl"))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("distillation is given without a teacher");
    assertThatThrownBy(() -> run(FinetuneStage.TYPE, finetune(Map.of("teacher", "a.run"))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("distillation is none; expected kl or margin-mse");
    assertThatThrownBy(() ->
            run(
                FinetuneStage.TYPE,
                finetune(
                    Map.of(
                        "teacher", "a.run", "distillation", "kl", "distillation-weight", "1.1"))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("distillation-weight is 1.1; expected");
  }

  /** The labelled queries q0 to q3, and two that augment labelled, in files of their own. */
  @Test
  void queriesAndJudgmentsOfSeveralFilesAreJoined() throws IOException {
    Files.writeString(
        folder.resolve("qrels.tsv"),
        "query-id\tcorpus-id\tscore\nq0\tp0\t1\nq1\tp1\t1\nq2\tp2\t1\nq3\tp3\t1\n");
    Files.writeString(
        folder.resolve("more.jsonl"),
        "{\"_id\":\"m0\",\"text\":\"cat\"}\n{\"_id\":\"m1\",\"text\":\"dog\"}\n");
    Files.writeString(folder.resolve("more.tsv"), "m0 0 p5 1\nm1 0 p6 1\n");
    Files.writeString(
        folder.resolve("more-negatives.jsonl"), "{\"query\":\"m0\",\"negatives\":[\"p1\"]}\n");
    Map<String, String> settings = finetune(Map.of("batch", "6", "epochs", "1"));
    settings.put("queries", both("queries.jsonl", "more.jsonl"));
    settings.put("qrels", both("qrels.tsv", "more.tsv"));
    settings.put("negatives", both("negatives.jsonl", "more-negatives.jsonl"));
    run(FinetuneStage.TYPE, settings); // 6 instances, one of each query: a batch of 6 is filled
    assertThat(folder.resolve("retriever-training/metrics.jsonl")).content().hasLineCount(1);
    settings.put("batch", "7");
    settings.put("out", folder.resolve("other").toString());
    assertThatThrownBy(() -> run(FinetuneStage.TYPE, settings))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("a batch takes 7 queries, there are 6");
  }

  @Test
  void anIdWithTwoTextsIsRefused() throws IOException {
    Files.writeString(folder.resolve("more.jsonl"), "{\"_id\":\"q1\",\"text\":\"horse\"}\n");
    Map<String, String> settings = finetune(Map.of());
    settings.put("queries", both("queries.jsonl", "more.jsonl"));
    assertThatThrownBy(() -> run(FinetuneStage.TYPE, settings))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("more.jsonl: query 'q1' has another text");
  }

  private String both(String one, String other) {
    return folder.resolve(one) + "," + folder.resolve(other);
  }

  /** Every query's own passage has the logit 5, the two after it less. */
  private void writeTeacher() throws IOException {
    StringBuilder run = new StringBuilder();
    for (int q = 0; q < DOCUMENTS; q++) {
      for (int rank = 1; rank <= 3; rank++) {
        run.append(
            "q%d Q0 p%d %d %d reranker\n"
                .formatted(q, (q + rank - 1) % DOCUMENTS, rank, 10 - 5 * rank));
      }
    }
    Files.writeString(folder.resolve("reranked.run"), run);
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
  void settingsAreRefusedBeforeTheCorpusIsRead() throws IOException {
    Files.delete(folder.resolve("corpus.jsonl"));
    assertRefused(PretrainStage.TYPE, pretrain(Map.of("dropout", "2")), "dropout is 2.0; expected");
    assertRefused(
        PretrainStage.TYPE, pretrain(Map.of("early-layers", "-2")), "early-layers is -2; expected");
    assertRefused(
        PretrainStage.TYPE, pretrain(Map.of("clip", "0")), "clip is 0.0; expected above 0");
    assertRefused(
        FinetuneStage.TYPE,
        finetune(Map.of("dev-queries", "queries.jsonl")),
        "dev-queries and dev-qrels belong together");
    assertRefused(
        FinetuneStage.TYPE,
        finetune(Map.of("passage-length", "4000")),
        "texts of 4000 tokens, but the model has");
  }

  private void assertRefused(StageType type, Map<String, String> settings, String message) {
    assertThatThrownBy(() -> run(type, settings))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
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
