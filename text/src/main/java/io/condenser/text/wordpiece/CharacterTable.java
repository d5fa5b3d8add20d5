package io.condenser.text.wordpiece;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What BERT's basic tokenizer makes of each character, looked up instead of computed: clean, put
 * blanks around ideographs, decompose and drop non-spacing marks, lower-case; and whether the
 * result splits words. Follows Hugging Face's {@code BertNormalizer} and {@code BertPreTokenizer}
 * step by step; as there, control characters vanish without splitting a word.
 *
 * <p>Working character by character leaves out one thing that NFD does to a whole text: putting
 * combining marks in canonical order. It shows only where two <em>spacing</em> marks of different
 * classes follow each other, which no language writes.
 */
final class CharacterTable {
  /** Vanishes. */
  static final byte DROPPED = 0;

  /** Part of a word: {@link #mapped}. */
  static final byte LETTER = 1;

  /** Ends a word. */
  static final byte BLANK = 2;

  /** A word of its own: {@link #mapped}. */
  static final byte ALONE = 3;

  /** Becomes several characters, {@link #expansion}, each of them of its own kind. */
  static final byte EXPANDED = 4;

  private static final Map<Normalization, CharacterTable> TABLES = new ConcurrentHashMap<>();

  private final Normalization normalization;

  // By UTF-16 unit. A table takes 0.5 MB and some 30 ms; there are at most eight.
  private final byte[] kinds = new byte[1 << 16];
  private final char[] mapped = new char[1 << 16];
  private final @Nullable String[] expansions = new @Nullable String[1 << 16];

  /** The table of a normalisation, shared by all who use it. */
  static CharacterTable of(Normalization normalization) {
    return TABLES.computeIfAbsent(normalization, CharacterTable::new);
  }

  private CharacterTable(Normalization normalization) {
    this.normalization = normalization;
    for (int unit = 0; unit < 1 << 16; unit++) {
      fill((char) unit);
    }
  }

  private void fill(char unit) {
    String becomes = normalize(unit);
    if (becomes.isEmpty()) {
      kinds[unit] = DROPPED;
    } else if (becomes.length() == 1) {
      kinds[unit] = kindOfNormal(becomes.charAt(0));
      mapped[unit] = becomes.charAt(0);
    } else if (becomes.length() == 3 && becomes.startsWith(" ") && becomes.endsWith(" ")) {
      kinds[unit] = ALONE; // an ideograph; the common case deserves the short way
      mapped[unit] = becomes.charAt(1);
    } else {
      kinds[unit] = EXPANDED;
      expansions[unit] = becomes;
    }
  }

  byte kind(char unit) {
    return kinds[unit];
  }

  char mapped(char unit) {
    return mapped[unit];
  }

  /** What an {@link #EXPANDED} unit becomes. */
  String expansion(char unit) {
    String expansion = expansions[unit];
    if (expansion == null) {
      throw new IllegalArgumentException("U+%04X is not expanded".formatted((int) unit));
    }
    return expansion;
  }

  /** What a code point becomes, blanks around an ideograph included. */
  String normalize(int codePoint) {
    if (BertCharacters.isRemoved(codePoint)) {
      return "";
    }
    if (BertCharacters.isBlank(codePoint)) {
      return " ";
    }
    String normal =
        normalization.stripAccents()
            ? BertCharacters.withoutMarks(codePoint)
            : Character.toString(codePoint);
    if (normalization.lowerCase()) {
      normal = BertCharacters.lowerCase(normal);
    }
    boolean isolated = normalization.isolateIdeographs() && BertCharacters.isIdeograph(codePoint);
    return isolated ? " " + normal + " " : normal;
  }

  /** The kind of a character that is normalised already: never dropped, never expanded. */
  static byte kindOfNormal(int codePoint) {
    if (BertCharacters.isBlank(codePoint)) {
      return BLANK;
    }
    return BertCharacters.isPunctuation(codePoint) ? ALONE : LETTER;
  }
}
