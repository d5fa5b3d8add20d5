package io.condenser.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.storage.InputException;
import io.condenser.text.WordPiece;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VocabStageTest {
  private final RecordingConsole console = new RecordingConsole();
  @TempDir private Path folder;

  @Test
  void learnsFromTitlesTextsAndSpansAndSaysHowMany() throws IOException {
    Path corpus =
        Files.writeString(
            folder.resolve("corpus.jsonl"),
            """
            {"_id": "1", "title": "Zebra zebra", "text": "Condenser condenser"}
            {"_id": "2", "spans": ["Retrieval", "retrieval"]}
            """);
    Path out = folder.resolve("tokenizer");
    new VocabStage(corpus, out, 200, 2, true).run(console);
    WordPiece tokenizer = WordPiece.open(out);
    assertThat(tokenizer.vocabulary())
        .startsWith("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
        .contains("zebra", "condenser", "retrieval");
    assertThat(console.results).isEmpty();
    assertThat(console.remarks)
        .containsExactly(
            out + ": " + tokenizer.size() + " pieces from 3 different words of 2 passages");
    assertThat(new VocabStage(corpus, out, 200, 2, true).outputs()).allMatch(Files::exists);
  }

  @Test
  void keepsCaseWhereAsked() throws IOException {
    Path corpus = Files.writeString(folder.resolve("corpus.tsv"), "1\tCafé Café\n");
    new VocabStage(corpus, folder, 100, 2, false).run(console);
    assertThat(WordPiece.open(folder).vocabulary()).contains("Café");
  }

  @Test
  void refusesSettingsOutOfRange() {
    assertThatThrownBy(() -> new VocabStage(folder, folder, 99, 2, true))
        .isInstanceOf(InputException.class)
        .hasMessage("size is 99; expected 100 to 1000000");
    assertThatThrownBy(() -> new VocabStage(folder, folder, 100, 0, true))
        .isInstanceOf(InputException.class)
        .hasMessage("min-frequency is 0; expected at least 1");
  }
}
