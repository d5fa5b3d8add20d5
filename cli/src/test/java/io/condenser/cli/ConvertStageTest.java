package io.condenser.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.model.BertConfig;
import io.condenser.model.BertLayout;
import io.condenser.model.ModelFolder;
import io.condenser.storage.InputException;
import io.condenser.storage.Safetensors;
import io.condenser.storage.StoredTensor;
import io.condenser.text.WordPiece;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConvertStageTest {
  private static final BertConfig CONFIG = BertConfig.of(7, 4, 3, 2);

  private final RecordingConsole console = new RecordingConsole();
  @TempDir private Path folder;
  private Path theirs = Path.of("");
  private Path ours = Path.of("");

  @BeforeEach
  void writeCheckpoint() throws IOException {
    theirs = Files.createDirectory(folder.resolve("theirs"));
    ours = folder.resolve("ours");
    List<StoredTensor> weights = new ArrayList<>();
    for (Map.Entry<String, List<Long>> entry : BertLayout.backbone(CONFIG).entrySet()) {
      long[] shape = entry.getValue().stream().mapToLong(size -> size).toArray();
      float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
      String headless = entry.getKey().substring("bert.".length());
      weights.add(StoredTensor.of(headless, values, shape));
    }
    Files.writeString(theirs.resolve("config.json"), CONFIG.toJson("BertModel"));
    Safetensors.write(theirs.resolve("model.safetensors"), weights, Map.of());
    List<String> vocabulary = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "##b");
    WordPiece.of(vocabulary, true).save(theirs);
  }

  private void convert(Path from, int layers) throws IOException {
    new ConvertStage(from.toString(), ours, layers).attempt(console);
  }

  @Test
  void writesAModelFolder() throws IOException {
    convert(theirs, 0);
    ModelFolder model = ModelFolder.open(ours);
    assertThat(model.config()).isEqualTo(CONFIG);
    assertThat(model.tokenizer().size()).isEqualTo(7);
    assertThat(model.hasMlmHead()).isFalse();
    assertThat(console.results).as("convert prints no result").isEmpty();
    assertThat(console.remarks)
        .containsExactly(ours + ": 3 layers of 4, 2 heads, 2,824 weights, encoder");
  }

  @Test
  void keepsTheFirstLayers() throws IOException {
    convert(theirs, 1);
    assertThat(ModelFolder.open(ours).config().numHiddenLayers()).isEqualTo(1);
  }

  @Test
  void replacesAModelButNothingElse() throws IOException {
    convert(theirs, 0);
    convert(theirs, 2);
    assertThat(ModelFolder.open(ours).config().numHiddenLayers()).isEqualTo(2);

    ours = Files.createDirectory(folder.resolve("letters"));
    Files.writeString(ours.resolve("dear.txt"), "dear");
    assertThatThrownBy(() -> convert(theirs, 0))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("letters: holds files but no retriever.json or reranker.json");
    assertThat(ours.resolve("dear.txt")).hasContent("dear");
  }

  @Test
  void doesNotReplaceWhatItReads() {
    ours = theirs;
    assertThatThrownBy(() -> convert(theirs, 0))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("would be replaced while it is read");
  }

  @Test
  void aFailureLeavesTheOldModelInPlace() throws IOException {
    convert(theirs, 1);
    Path weights = theirs.resolve("model.safetensors");
    byte[] whole = Files.readAllBytes(weights);
    Files.write(weights, Arrays.copyOf(whole, whole.length - 1));
    assertThatThrownBy(() -> convert(theirs, 0))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("model.safetensors: not a whole safetensors file");
    assertThat(ModelFolder.open(ours).config().numHiddenLayers()).isEqualTo(1);
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("theirs", "ours");
  }

  @Test
  void aMissingSourceIsNamed() {
    assertThatThrownBy(() -> convert(folder.resolve("nowhere"), 0))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("nowhere: no such folder or jar");
  }

  @Test
  void aMavenSourceIsNoFileAndMustHaveThreeParts() {
    ConvertStage stage = new ConvertStage("maven:org.example:thing", ours, 0);
    assertThat(stage.inputs()).isEmpty();
    assertThatThrownBy(() -> stage.run(console))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("'org.example:thing' are not Maven coordinates");
  }

  @Test
  void negativeLayersAreRefused() {
    assertThatThrownBy(() -> new ConvertStage("x", ours, -1))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("layers is -1");
  }
}
