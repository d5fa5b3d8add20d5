package io.condenser.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.model.BertConfig;
import io.condenser.model.ModelFolder;
import io.condenser.storage.InputException;
import io.condenser.text.WordPiece;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreshStageTest {
  @TempDir private Path folder;
  private Path vocab = Path.of("");

  @BeforeEach
  void writeVocabulary() throws IOException {
    vocab = Files.createDirectory(folder.resolve("tokenizer"));
    WordPiece.of(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "##b"), true)
        .save(vocab);
  }

  private byte[] weights(String name, long seed) throws IOException {
    Path out = folder.resolve(name);
    new FreshStage(vocab, out, 2, 8, 2, seed).run(new RecordingConsole());
    return Files.readAllBytes(out.resolve(ModelFolder.WEIGHTS));
  }

  @Test
  void aModelOfTheShapeAskedForHasTheVocabulary() throws IOException {
    weights("model", 1);
    ModelFolder model = ModelFolder.open(folder.resolve("model"));
    assertThat(model.config()).isEqualTo(BertConfig.of(7, 8, 2, 2));
    assertThat(model.tokenizer().vocabulary()).endsWith("a", "##b");
    assertThat(folder.resolve("model/provenance.json")).content().contains("\"hidden\" : \"8\"");
  }

  @Test
  void theSeedAloneDecidesTheWeights() throws IOException {
    byte[] first = weights("first", 1);
    assertThat(weights("same", 1)).isEqualTo(first);
    assertThat(weights("other", 2)).isNotEqualTo(first);
  }

  @Test
  void shapesThatCannotBeAreRefused() {
    assertThatThrownBy(() -> new FreshStage(vocab, folder, 0, 8, 2, 1))
        .isInstanceOf(InputException.class)
        .hasMessage("layers is 0; expected 1 to 96");
    assertThatThrownBy(() -> new FreshStage(vocab, folder, 2, 8, 3, 1))
        .isInstanceOf(InputException.class)
        .hasMessage("hidden is 8, which is no multiple of heads, 3");
  }
}
