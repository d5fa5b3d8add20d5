package io.condenser.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

class TargetsTest {
  @TempDir private Path folder;
  private Path vocab = Path.of("");

  @BeforeEach
  void writeVocabulary() throws IOException {
    vocab = Files.createDirectory(folder.resolve("tokenizer"));
    WordPiece.of(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a"), true).save(vocab);
  }

  private void fresh(Path out) throws IOException {
    new FreshStage(vocab, out, 1, 8, 2, 1).attempt(new RecordingConsole());
  }

  private void assertRefused(Path out, String message) {
    assertThatThrownBy(() -> fresh(out))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aModelReplacesAModelOrFillsAnEmptyFolder() throws IOException {
    Path out = Files.createDirectory(folder.resolve("model"));
    fresh(out);
    fresh(out);
    assertThat(ModelFolder.open(out).config().hiddenSize()).isEqualTo(8);
  }

  @Test
  void aFolderOfOtherThingsStays() throws IOException {
    Path letters = Files.createDirectory(folder.resolve("letters"));
    Path letter = Files.writeString(letters.resolve("dear.txt"), "dear");
    assertRefused(
        letters,
        "letters: holds files but no retriever.json or reranker.json, and would be replaced");
    assertRefused(letter, "dear.txt: is a file; expected a folder to write");
    assertThat(letter).hasContent("dear");
  }

  @Test
  void aFileTakesNoFoldersPlace() throws IOException {
    Path qrels = Files.writeString(folder.resolve("qrels"), "q 0 p 1\n");
    Path letters = Files.createDirectory(folder.resolve("letters"));
    Path letter = Files.writeString(letters.resolve("dear.txt"), "dear");
    Stage sample = new SampleQueriesStage(qrels, letters, null, 1, 1);
    assertThatThrownBy(() -> sample.attempt(new RecordingConsole()))
        .isInstanceOf(InputException.class)
        .hasMessage(letters + ": is a folder; expected a file to write");
    assertThat(letter).hasContent("dear");
  }

  @Test
  void whatIsReadIsNotReplaced() throws IOException {
    assertRefused(vocab, "tokenizer: would be replaced, but holds " + vocab.resolve("vocab.txt"));
    assertRefused(folder, "would be replaced, but holds " + vocab);
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
    assertRefused(link, "would be replaced, but holds " + vocab);
    assertRefused(folder.resolve("no/../tokenizer"), "tokenizer: would be replaced, but holds");
    assertThat(vocab.resolve("vocab.txt")).exists();
  }

  @Test
  void theCurrentFolderIsNotReplaced() {
    assertRefused(Path.of(""), "is the current folder or holds it");
    assertRefused(Path.of(".."), "is the current folder or holds it");
  }
}
