package io.condenser.text;

import java.util.ArrayList;
import java.util.List;

/** Small vocabularies for tests. */
final class Vocabularies {
  private Vocabularies() {}

  /** BERT's special tokens, every ASCII letter and digit at both places, and the given pieces. */
  static WordPiece with(String... pieces) {
    List<String> vocabulary =
        new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"));
    for (char c = '!'; c <= '~'; c++) {
      if (!Character.isUpperCase(c)) {
        vocabulary.add(Character.toString(c));
        if (Character.isLetterOrDigit(c)) {
          vocabulary.add("##" + c);
        }
      }
    }
    vocabulary.addAll(List.of(pieces));
    return WordPiece.of(vocabulary, true);
  }
}
