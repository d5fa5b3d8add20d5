package io.condenser.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.storage.InputException;
import io.condenser.text.Passage;
import io.condenser.text.TokenBatch;
import io.condenser.text.WordPiece;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFolderTest {
  private static final List<String> PIECES =
      List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "cat", "dog");

  @TempDir Path temp;
  private Path folder = Path.of("");

  @BeforeEach
  void save() {
    folder = temp.resolve("model");
    save(PIECES, PIECES.size());
  }

  private void save(List<String> pieces, int embeddings) {
    BertConfig config = BertConfig.of(embeddings, 8, 2, 2);
    try (Parameters parameters = new Parameters()) {
      Fresh.add(parameters, BertLayout.backbone(config), 0.5, 1);
      Fresh.add(parameters, BertLayout.mlmHead(config), 0.5, 2);
      Fresh.add(parameters, BertLayout.condenserHead(config, 2), 0.5, 3);
      WordPiece tokenizer = WordPiece.of(pieces, true);
      ModelFolder.save(
          folder, config, parameters, null, tokenizer, RetrieverConfig.standard(), "{}");
    }
  }

  @Test
  void whatIsSavedIsLoadedBitForBit() {
    ModelFolder read = ModelFolder.open(folder);
    assertThat(read.headLayers()).isEqualTo(2);
    assertThat(read.hasMlmHead()).isTrue();
    try (Parameters loaded = new Parameters();
        Parameters fresh = new Parameters()) {
      read.loadBackbone(loaded, ScalarType.Float);
      Fresh.add(fresh, BertLayout.backbone(read.config()), 0.5, 1);
      assertThat(loaded.names()).isEqualTo(fresh.names());
      for (String name : loaded.names()) {
        assertThat(Tensors.floats(loaded.get(name)))
            .as(name)
            .isEqualTo(Tensors.floats(fresh.get(name)));
      }
    }
  }

  @Test
  void aModelOfSentenceTransformersMustBeConverted() throws IOException {
    Files.delete(folder.resolve("retriever.json"));
    assertThat(ModelFolder.open(folder).retriever()).isEqualTo(RetrieverConfig.standard());
    Files.writeString(folder.resolve("modules.json"), "[]");
    assertThatThrownBy(() -> ModelFolder.open(folder).retriever())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is a model of sentence-transformers (modules.json)")
        .hasMessageContaining("convert --from " + folder);
  }

  @Test
  void relativePositionsAreRefused() throws IOException {
    Path config = folder.resolve("config.json");
    Files.writeString(
        config,
        Files.readString(config)
            .replaceFirst("\\{", "{\"position_embedding_type\": \"relative_key\","));
    assertThatThrownBy(() -> ModelFolder.open(folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("position_embedding_type is 'relative_key'; expected 'absolute'");
  }

  @Test
  void aPassageOfSpansAloneIsReadByThem() {
    try (RetrievalModel model = RetrievalModel.open(folder, Precision.FP32)) {
      assertThat(model.tokens(new Passage("p", "", "", null, List.of("cat dog", "dog"))))
          .isEqualTo(model.tokens(new Passage("p", "", "cat dog dog", null, List.of())));
    }
  }

  @Test
  void aRowsVectorDoesNotDependOnItsPadding() {
    try (RetrievalModel model = RetrievalModel.open(folder, Precision.FP32)) {
      int[] row = model.tokens(new Passage("p", "", "cat dog", null, List.of()));
      int[] longer = model.tokens(new Passage("q", "", "dog dog cat cat dog", null, List.of()));
      float[] alone = model.embedPassages(TokenBatch.of(List.of(row), 0));
      float[] padded = model.embedPassages(TokenBatch.of(List.of(row, longer), 0));
      for (int i = 0; i < alone.length; i++) {
        assertThat(padded[i]).isCloseTo(alone[i], Assertions.within(1e-5f));
      }
    }
  }

  @Test
  void aTruncatedFileIsNamed() throws IOException {
    Path weights = folder.resolve(ModelFolder.WEIGHTS);
    try (FileChannel channel = FileChannel.open(weights, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() - 10);
    }
    assertThatThrownBy(() -> RetrievalModel.open(folder, Precision.FP32))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("model.safetensors")
        .hasMessageContaining("truncated");
  }

  @Test
  void aTensorOfAnotherShapeIsNamedWithBothShapes() throws IOException {
    Path config = folder.resolve(BertConfig.FILE);
    Files.writeString(
        config,
        Files.readString(config)
            .replaceFirst("\"intermediate_size\" : 32", "\"intermediate_size\" : 16"));
    assertThatThrownBy(() -> RetrievalModel.open(folder, Precision.FP32))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("intermediate.dense.weight")
        .hasMessageContaining("[32, 8]")
        .hasMessageContaining("[16, 8]");
  }

  @Test
  void theVocabularyOfAnotherModelIsRefused() {
    save(PIECES, 1000);
    assertThatThrownBy(() -> RetrievalModel.open(folder, Precision.FP32))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("7 pieces")
        .hasMessageContaining("1000 word embeddings");
  }

  @Test
  void aHeadlessFolderSaysWhatItLacks() throws IOException {
    Files.delete(folder.resolve(ModelFolder.HEAD));
    assertThat(ModelFolder.open(folder).headLayers()).isZero();
    List<String> said = new ArrayList<>();
    try (Parameters parameters = new Parameters()) {
      ModelFolder.open(folder).loadCondenserHead(parameters, 2, ScalarType.Float);
    } catch (InputException e) {
      said.add(String.valueOf(e.getMessage()));
    }
    assertThat(said).singleElement().asString().contains(ModelFolder.HEAD);
  }
}
