package io.condenser.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.storage.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordPieceTest {
  private final WordPiece tokenizer = Vocabularies.with("un", "##afford", "##able", "café", "中");
  @TempDir Path folder;

  private List<String> pieces(int... ids) {
    return Arrays.stream(ids).mapToObj(tokenizer::piece).toList();
  }

  @Test
  void theLongestPiecesAreTakenFromTheLeft() {
    assertThat(pieces(tokenizer.encode("Unaffordable, un-able中")))
        .containsExactly("un", "##afford", "##able", ",", "un", "-", "a", "##b", "##l", "##e", "中");
  }

  @Test
  void aWordWithoutPiecesIsUnknownAsAWhole() {
    assertThat(pieces(tokenizer.encode("unЖ a"))).containsExactly("[UNK]", "a");
    assertThat(pieces(tokenizer.encode("a".repeat(101) + " b"))).containsExactly("[UNK]", "b");
    assertThat(tokenizer.encode("a".repeat(100))).hasSize(100);
  }

  @Test
  void accentsGoWithUpperCase() {
    assertThat(pieces(tokenizer.encode("CAFÉ"))).containsExactly("c", "##a", "##f", "##e");
    WordPiece cased = WordPiece.of(tokenizer.vocabulary(), false);
    assertThat(pieces(cased.encode("café CAFÉ"))).containsExactly("café", "[UNK]");
  }

  @Test
  void aTextIsCutToItsLengthBeforeTheLastSpecialToken() {
    assertThat(pieces(tokenizer.encode("a b c d", 5)))
        .containsExactly("[CLS]", "a", "b", "c", "[SEP]");
    assertThat(pieces(tokenizer.encode("a", 5))).containsExactly("[CLS]", "a", "[SEP]");
    assertThat(pieces(tokenizer.encode("a b", 2))).containsExactly("[CLS]", "[SEP]");
    assertThatThrownBy(() -> tokenizer.encode("a", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a length of 1 has no room for 2 special tokens");
  }

  @Test
  void ofAPairTheSecondIsCutFirst() {
    assertThat(pieces(tokenizer.encode("a b", "c d", 6)))
        .containsExactly("[CLS]", "a", "b", "[SEP]", "c", "[SEP]");
    assertThat(pieces(tokenizer.encode("a b", "c d", 4)))
        .containsExactly("[CLS]", "a", "[SEP]", "[SEP]");
  }

  @Test
  void cuttingEarlyGivesThePrefixOfTheWholeText() {
    String text = "Unaffordable [SEP] un-able, ".repeat(20);
    int[] whole = tokenizer.encode(text);
    for (int length = 2; length < 60; length++) {
      int[] cut = tokenizer.encode(text, length);
      assertThat(Arrays.copyOfRange(cut, 1, cut.length - 1))
          .isEqualTo(Arrays.copyOf(whole, length - 2));
    }
  }

  @Test
  void threadsDoNotDisturbEachOther() {
    String text = "Unaffordable café 中 ".repeat(50);
    int[] expected = tokenizer.encode(text);
    assertThat(IntStream.range(0, 500).parallel().mapToObj(i -> tokenizer.encode(text)))
        .allSatisfy(ids -> assertThat(ids).isEqualTo(expected));
  }

  @Test
  void whatIsSavedOpensTheSameFromEachFileAlone() throws IOException {
    for (boolean lowerCase : new boolean[] {true, false}) {
      WordPiece saved = WordPiece.of(tokenizer.vocabulary(), lowerCase);
      saved.save(folder);
      assertThat(WordPiece.files(folder)).allMatch(Files::exists);
      assertThat(WordPiece.open(folder).fingerprint()).isEqualTo(saved.fingerprint());
      Files.delete(folder.resolve("tokenizer.json"));
      assertThat(WordPiece.open(folder).fingerprint()).isEqualTo(saved.fingerprint());
      saved.save(folder);
      Files.delete(folder.resolve("vocab.txt"));
      Files.delete(folder.resolve("tokenizer_config.json"));
      assertThat(WordPiece.open(folder).fingerprint()).isEqualTo(saved.fingerprint());
    }
  }

  @Test
  void vocabularyAndRulesMakeTheFingerprint() {
    assertThat(tokenizer.fingerprint())
        .isEqualTo(WordPiece.of(tokenizer.vocabulary(), true).fingerprint())
        .isNotEqualTo(WordPiece.of(tokenizer.vocabulary(), false).fingerprint())
        .isNotEqualTo(Vocabularies.with("un").fingerprint());
  }

  @Test
  void whatIsNoBertTokenizerIsRefused() throws IOException {
    assertThatThrownBy(() -> WordPiece.open(folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("has neither vocab.txt nor tokenizer.json");
    Files.writeString(folder.resolve("vocab.txt"), "a\nb\n");
    assertThatThrownBy(() -> WordPiece.open(folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("the vocabulary of 2 pieces has no [PAD]");
    Files.writeString(
        folder.resolve("tokenizer.json"), "{\"model\": {\"type\": \"BPE\", \"vocab\": {}}}");
    assertThatThrownBy(() -> WordPiece.open(folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("tokenizer.json: model.type is BPE; only BERT's");
    Files.writeString(
        folder.resolve("tokenizer.json"), "{\"added_tokens\": [{\"content\": \"<x>\"}]}");
    assertThatThrownBy(() -> WordPiece.open(folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("adds the token '<x>'");
    Files.writeString(
        folder.resolve("tokenizer.json"), "{\"model\": {\"max_input_chars_per_word\": 200}}");
    assertThatThrownBy(() -> WordPiece.open(folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("model.max_input_chars_per_word is 200;")
        .hasMessageEndingWith("where it is 100");
    Files.writeString(folder.resolve("tokenizer.json"), "{");
    assertThatThrownBy(() -> WordPiece.open(folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("tokenizer.json: not JSON");
  }

  /** As of Japanese BERTs: MeCab cuts words before WordPiece does. */
  @Test
  void wordsOfADictionaryAreRefused() throws IOException {
    WordPiece.of(Vocabularies.with("a").vocabulary(), true).save(folder);
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        "{\"tokenizer_class\": \"BertJapaneseTokenizer\", \"word_tokenizer_type\": \"mecab\"}");
    assertThatThrownBy(() -> WordPiece.open(folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("tokenizer_config.json: word_tokenizer_type is mecab; only BERT's");
  }
}
