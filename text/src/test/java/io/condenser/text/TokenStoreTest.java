package io.condenser.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.storage.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenStoreTest {
  private static final Packing PACKING = new Packing(16, 0, 1);

  private final WordPiece tokenizer = Vocabularies.with("one", "two", "three", "span");
  @TempDir Path folder;

  private TokenStore build(Packing packing, String... lines) throws IOException {
    Path corpus = Files.write(folder.resolve("corpus.jsonl"), List.of(lines));
    Path file = folder.resolve("tokens.safetensors");
    TokenStore.build(file, corpus, tokenizer, packing, done -> {});
    return TokenStore.open(file, tokenizer);
  }

  private List<List<String>> documents(TokenStore store) {
    List<List<String>> documents = new ArrayList<>();
    for (long document = 0; document < store.documents(); document++) {
      List<String> spans = new ArrayList<>();
      TokenStore.Spans range = store.spansOf(document);
      for (long span = range.first(); span < range.end(); span++) {
        List<String> pieces = new ArrayList<>();
        for (int id : store.tokens(span)) {
          pieces.add(tokenizer.piece(id));
        }
        spans.add(String.join(" ", pieces));
      }
      documents.add(spans);
    }
    return documents;
  }

  @Test
  void sentencesOfADocumentArePackedAcrossItsPassagesButNotAcrossDocuments() throws IOException {
    String six = "One one one one one. "; // six tokens, of fourteen that a span holds
    try (TokenStore store =
        build(
            PACKING,
            "{\"_id\":\"1\",\"doc\":\"d\",\"text\":\"" + six + "\"}",
            "{\"_id\":\"2\",\"doc\":\"d\",\"text\":\"" + six + six + "\"}",
            "{\"_id\":\"3\",\"doc\":\"e\",\"text\":\"Two.\"}",
            "{\"_id\":\"4\",\"text\":\"Three.\"}",
            "{\"_id\":\"5\",\"text\":\"Three.\"}")) {
      String sentence = "one one one one one .";
      assertThat(documents(store))
          .containsExactly(
              List.of(sentence + " " + sentence, sentence),
              List.of("two ."),
              List.of("three ."),
              List.of("three ."));
      assertThat(store.pairedDocuments()).isEqualTo(1);
      assertThat(store.pairedDocument(0)).isEqualTo(0);
      assertThat(store.tokens()).isEqualTo(18 + 6);
    }
  }

  @Test
  void spansThatADocumentBringsStayAsTheyAre() throws IOException {
    String twenty = "one ".repeat(20).strip();
    try (TokenStore store =
        build(PACKING, "{\"spans\":[\"One. Two.\",\"" + twenty + "\",\"three\"]}")) {
      assertThat(documents(store)).containsExactly(List.of("one . two .", twenty, "three"));
    }
  }

  @Test
  void aSentenceLongerThanASpanIsBroken() throws IOException {
    try (TokenStore store =
        build(PACKING, "{\"_id\":\"1\",\"text\":\"" + "one ".repeat(30) + "\"}")) {
      assertThat(documents(store).getFirst().stream().map(span -> span.split(" ").length))
          .containsExactly(14, 14, 2);
    }
  }

  @Test
  void someSpansAimAtAShorterLength() throws IOException {
    String text = "One. ".repeat(4000); // two tokens a sentence
    try (TokenStore store =
        build(new Packing(66, 0.1, 7), "{\"_id\":\"1\",\"text\":\"" + text + "\"}")) {
      long shorter = 0;
      for (long span = 0; span < store.spans() - 1; span++) {
        int length = store.tokens(span).length;
        assertThat(length).isBetween(2, 64);
        shorter += length < 64 ? 1 : 0;
      }
      assertThat((double) shorter / store.spans()).isBetween(0.04, 0.18);
    }
  }

  @Test
  void largeVocabulariesAreStoredIn32Bits() throws IOException {
    List<String> vocabulary =
        new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"));
    for (int i = 0; i < 70_000; i++) {
      vocabulary.add(Integer.toString(i));
    }
    WordPiece large = WordPiece.of(vocabulary, true);
    Path corpus = Files.writeString(folder.resolve("corpus.tsv"), "1\t7 69999\n");
    Path file = folder.resolve("tokens.safetensors");
    TokenStore.build(file, corpus, large, PACKING, done -> {});
    try (TokenStore store = TokenStore.open(file, large)) {
      assertThat(store.tokens(0)).containsExactly(12, 70_004);
    }
  }

  @Test
  void nothingButTheStoreIsLeftBehind() throws IOException {
    build(PACKING, "{\"_id\":\"1\",\"text\":\"One.\"}").close();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("corpus.jsonl", "tokens.safetensors");
    }
  }

  @Test
  void aBrokenCorpusLeavesTheOldStoreInPlace() throws IOException {
    build(PACKING, "{\"_id\":\"1\",\"text\":\"One.\"}").close();
    assertThatThrownBy(() -> build(PACKING, "{\"_id\":\"1\",\"text\":\"Two.\"}", "{\"_id\":\"2\"}"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("corpus.jsonl:2");
    try (TokenStore store = TokenStore.open(folder.resolve("tokens.safetensors"), tokenizer)) {
      assertThat(documents(store)).containsExactly(List.of("one ."));
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void anotherTokenizersStoreIsRefusedByBothFingerprints() throws IOException {
    build(PACKING, "{\"_id\":\"1\",\"text\":\"One.\"}").close();
    WordPiece other = Vocabularies.with("other");
    assertThatThrownBy(() -> TokenStore.open(folder.resolve("tokens.safetensors"), other))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(tokenizer.fingerprint())
        .hasMessageContaining(other.fingerprint());
  }
}
