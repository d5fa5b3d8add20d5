package io.condenser.model.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.condenser.model.Pooling;
import io.condenser.model.RetrieverConfig;
import io.condenser.storage.InputException;
import io.condenser.storage.Safetensors;
import io.condenser.text.WordPiece;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HuggingFaceFolderTest {
  @TempDir Path folder;

  @Test
  void aTorchArchiveWithOldNamesGivesPythonsTensors() {
    try (Pretrained model = ForeignCheckpoint.read(Fixtures.path("torch"))) {
      Fixtures.assertSame(model.weights(), Fixtures.path("torch/expected.safetensors"));
      assertThat(model.hasMlmHead()).isTrue();
      assertThat(model.isCrossEncoder()).isFalse();
    }
  }

  @Test
  void shardsOfHalfPrecisionGivePythonsTensors() {
    try (Pretrained model = ForeignCheckpoint.read(Fixtures.path("half"))) {
      Fixtures.assertSame(model.weights(), Fixtures.path("half/expected.safetensors"));
    }
  }

  @Test
  void whatIsMissingIsSaidAloud() {
    try (Pretrained model = ForeignCheckpoint.read(Fixtures.path("torch"))) {
      assertThat(model.remarks())
          .anySatisfy(remark -> assertThat(remark).contains("no Condenser head (model.pt)"))
          .anySatisfy(remark -> assertThat(remark).contains("no vocabulary"));
      assertThat(model.condenserHead()).isEmpty();
    }
  }

  @Test
  void whatWasSavedReadsBackTheSame() {
    Path saved = folder.resolve("saved");
    try (Pretrained model = ForeignCheckpoint.read(Fixtures.path("torch"))) {
      model.save(saved);
    }
    Fixtures.assertSame(
        Safetensors.open(saved.resolve("model.safetensors")).tensors(),
        Fixtures.path("torch/expected.safetensors"));
    try (Pretrained again = ForeignCheckpoint.read(saved)) {
      Fixtures.assertSame(again.weights(), Fixtures.path("torch/expected.safetensors"));
      assertThat(again.retriever().passageLength()).as("its position embeddings").isEqualTo(16);
    }
  }

  @Test
  void foldersOfOursWhosePartsWouldBeLostAreRefused() throws IOException {
    Path saved = folder.resolve("saved");
    try (Pretrained model = ForeignCheckpoint.read(Fixtures.path("torch"))) {
      model.save(saved);
    }
    Files.writeString(saved.resolve("reranker.json"), "{}");
    assertThatThrownBy(() -> ForeignCheckpoint.read(saved))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is a cross-encoder of ours");
    Files.createDirectory(saved.resolve("query"));
    assertThatThrownBy(() -> ForeignCheckpoint.read(saved))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("has an encoder for queries alone");
  }

  @Test
  void firstLayersDropsTheLater() {
    try (Pretrained model = ForeignCheckpoint.read(Fixtures.path("torch"))) {
      Pretrained cut = model.firstLayers(2);
      assertThat(cut.config().numHiddenLayers()).isEqualTo(2);
      assertThat(cut.weights().keySet())
          .anyMatch(name -> name.startsWith("bert.encoder.layer.1."))
          .noneMatch(name -> name.startsWith("bert.encoder.layer.2."))
          .contains("cls.predictions.bias");
      assertThat(cut.weights()).hasSize(model.weights().size() - 16);
      assertThatThrownBy(() -> model.firstLayers(4))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("layers is 4; expected 1 to 3");
    }
  }

  @Test
  void aPublishedCondenserEqualsItsSafetensors() {
    Path golden = golden();
    try (Pretrained legacy = ForeignCheckpoint.read(golden.resolve("condenser-legacy"))) {
      Fixtures.assertSame(legacy.weights(), golden.resolve("condenser/model.safetensors"));
      Fixtures.assertSame(
          legacy.condenserHead(), golden.resolve("condenser/condenser_head.safetensors"));
    }
  }

  @Test
  void layersBelowACondenserHeadCannotGoWithoutIt() {
    try (Pretrained legacy = ForeignCheckpoint.read(golden().resolve("condenser-legacy"))) {
      Pretrained cut = legacy.firstLayers(3);
      assertThat(cut.condenserHead()).isEmpty();
      assertThat(cut.remarks()).anyMatch(remark -> remark.contains("Condenser head is left out"));
    }
  }

  @Test
  void aCrossEncoderKeepsPoolerAndClassifier() {
    Path golden = golden().resolve("crossencoder");
    Path saved = folder.resolve("saved");
    try (Pretrained model = ForeignCheckpoint.read(golden)) {
      Fixtures.assertSame(model.weights(), golden.resolve("model.safetensors"));
      assertThat(model.isCrossEncoder()).isTrue();
      model.save(saved);
    }
    assertThat(saved.resolve("config.json"))
        .content()
        .contains("BertForSequenceClassification", "LABEL_0");
  }

  @Test
  void aHeadlessEncoderGetsThePrefix() {
    try (Pretrained model = ForeignCheckpoint.read(golden().resolve("biencoder"))) {
      assertThat(model.hasMlmHead()).isFalse();
      assertThat(model.weights().keySet()).allMatch(name -> name.startsWith("bert."));
    }
  }

  private static Path golden() {
    Path golden = Path.of(System.getProperty("condenser.shared", "."), "golden");
    assumeThat(golden).as("the golden numbers, which are not here").isDirectory();
    return golden;
  }

  @Test
  void sentenceTransformersSettingsAreKept() throws IOException {
    sentenceTransformers("{\"pooling_mode_cls_token\": true, \"pooling_mode_mean_tokens\": false}");
    try (Pretrained model = ForeignCheckpoint.read(folder)) {
      assertThat(model.retriever())
          .isEqualTo(new RetrieverConfig(Pooling.CLS, true, 12, 12, true, "query: ", "passage: "));
      assertThat(model.tokenizer()).isNotNull();
    }
  }

  @Test
  void anotherPoolingIsRefusedByName() throws IOException {
    sentenceTransformers("{\"pooling_mode_max_tokens\": true}");
    assertThatThrownBy(() -> ForeignCheckpoint.read(folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("config.json")
        .hasMessageContaining("[max_tokens]; expected cls or mean");
  }

  /** An encoder one folder deep, as sentence-transformers once laid it out. */
  private void sentenceTransformers(String pooling) throws IOException {
    Path encoder = Fixtures.copy("torch", folder.resolve("0_Transformer"));
    WordPiece.of(Fixtures.VOCABULARY, true).save(encoder);
    Files.writeString(encoder.resolve("sentence_bert_config.json"), "{\"max_seq_length\": 12}");
    Files.createDirectory(folder.resolve("1_Pooling"));
    Files.writeString(folder.resolve("1_Pooling/config.json"), pooling);
    Files.writeString(
        folder.resolve("config_sentence_transformers.json"),
        "{\"prompts\": {\"query\": \"query: \", \"passage\": \"passage: \"}}");
    Files.writeString(
        folder.resolve("modules.json"),
        """
        [{"path": "0_Transformer", "type": "sentence_transformers.models.Transformer"},
         {"path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
         {"path": "2_Normalize", "type": "sentence_transformers.models.Normalize"}]
        """);
  }

  @Test
  void aModuleWeDoNotHaveIsRefusedByName() throws IOException {
    Fixtures.copy("torch", folder);
    Files.writeString(
        folder.resolve("modules.json"),
        "[{\"path\": \"2_Dense\", \"type\": \"sentence_transformers.models.Dense\"}]");
    assertThatThrownBy(() -> ForeignCheckpoint.read(folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("'sentence_transformers.models.Dense'");
  }

  @Test
  void theVocabularyOfAnotherModelIsRefused() throws IOException {
    Fixtures.copy("torch", folder);
    List<String> longer = new ArrayList<>(Fixtures.VOCABULARY);
    longer.add("z");
    WordPiece.of(longer, true).save(folder);
    assertThatThrownBy(() -> ForeignCheckpoint.read(folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("vocabulary has 25 pieces, its model 24 word embeddings");
  }

  @Test
  void aShapeThatContradictsTheConfigIsNamed() throws IOException {
    Fixtures.copy("torch", folder);
    config("\"intermediate_size\": 12", "\"intermediate_size\": 16");
    assertThatThrownBy(() -> ForeignCheckpoint.read(folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("pytorch_model.bin: tensor bert.encoder.layer.0.intermediate.dense")
        .hasMessageContaining("has shape [12, 8]; config.json expects [16, 8]");
  }

  @Test
  void missingTensorsAreCountedAndAFewNamed() throws IOException {
    Fixtures.copy("torch", folder);
    config("\"num_hidden_layers\": 3", "\"num_hidden_layers\": 4");
    assertThatThrownBy(() -> ForeignCheckpoint.read(folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("lacks 16 of the 74 tensors")
        .hasMessageContaining("bert.encoder.layer.3.attention.self.query.weight, ")
        .hasMessageContaining(", …");
  }

  @Test
  void anotherArchitectureIsRefusedByName() throws IOException {
    Fixtures.copy("torch", folder);
    config("\"model_type\": \"bert\"", "\"model_type\": \"roberta\"");
    assertThatThrownBy(() -> ForeignCheckpoint.read(folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("'roberta'");
  }

  private void config(String from, String to) throws IOException {
    Path file = folder.resolve("config.json");
    String json = Files.readString(file);
    assertThat(json).contains(from);
    Files.writeString(file, json.replace(from, to));
  }

  @Test
  void aShardOutsideTheFolderIsRefused() throws IOException {
    Fixtures.copy("half", folder);
    Path index = folder.resolve("model.safetensors.index.json");
    Files.writeString(
        index, Files.readString(index).replace("model-00001-of", "../model-00001-of"));
    assertThatThrownBy(() -> ForeignCheckpoint.read(folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("names a shard '../model-00001-of-00002.safetensors'");
  }

  @Test
  void aFolderWithoutWeightsSaysWhatWasLookedFor() throws IOException {
    Fixtures.copy("torch", folder);
    Files.delete(folder.resolve("pytorch_model.bin"));
    assertThatThrownBy(() -> ForeignCheckpoint.read(folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("has no weights: neither model.safetensors nor");
  }
}
