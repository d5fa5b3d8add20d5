package io.condenser.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.condenser.text.wordpiece.TokenizerFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every character of Unicode, between two letters, must become what Hugging Face makes of it:
 * nothing, a blank, a word of its own, or these letters. The vocabulary holds each letter, so that
 * each outcome has ids of its own.
 */
class EveryCharacterTest {
  private static final int BATCH = 256;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyCharacterBecomesWhatHuggingFaceMakesOfIt(boolean lowerCase, @TempDir Path directory)
      throws IOException {
    WordPiece ours = WordPiece.of(vocabularyOfLetters(), lowerCase);
    ours.save(directory);
    List<String> differences = new ArrayList<>();
    try (HuggingFace theirs = new HuggingFace(directory)) {
      for (int first = 0; first <= Character.MAX_CODE_POINT; first += BATCH) {
        boolean assigned = first < 0x40000 || first >= 0xE0000; // no character lies between
        if (assigned || first % 0x10000 == 0) {
          compare(ours, theirs, first, BATCH, differences);
        }
      }
    }
    assertThat(differences).isEmpty();
  }

  private static void compare(
      WordPiece ours, HuggingFace theirs, int first, int count, List<String> differences) {
    StringBuilder text = new StringBuilder();
    for (int c = first; c < first + count; c++) {
      if (Character.getType(c) != Character.SURROGATE) {
        text.append('a').appendCodePoint(c).append("b ");
      }
    }
    int[] expected = theirs.encode(text.toString());
    int[] found = ours.encode(text.toString());
    if (!Arrays.equals(expected, found)) {
      if (count == 1) {
        differences.add(
            "U+%04X type %d: %s, expected %s"
                .formatted(
                    first,
                    Character.getType(first),
                    Arrays.toString(found),
                    Arrays.toString(expected)));
      } else {
        for (int c = first; c < first + count; c++) {
          compare(ours, theirs, c, 1, differences);
        }
      }
    }
  }

  private static List<String> vocabularyOfLetters() {
    Set<String> vocabulary = new LinkedHashSet<>(TokenizerFiles.SPECIAL_TOKENS);
    for (int c = 0x21; c < 0x30000; c++) {
      String character = Character.toString(c);
      if (Character.getType(c) != Character.SURROGATE && !character.isBlank()) {
        String parts = Normalizer.normalize(character, Normalizer.Form.NFD);
        if (!parts.equals(character)) {
          parts.codePoints().forEach(part -> addBothWays(part, vocabulary));
        }
        if (c < 0x20000) { // beyond, what does not decompose may as well be unknown
          addBothWays(c, vocabulary);
        }
      }
    }
    return List.copyOf(vocabulary);
  }

  private static void addBothWays(int codePoint, Set<String> vocabulary) {
    vocabulary.add(Character.toString(codePoint));
    vocabulary.add("##" + Character.toString(codePoint));
  }
}
