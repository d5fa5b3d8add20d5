package io.condenser.text.wordpiece;

import java.text.Normalizer;
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
    if (isRemoved(codePoint)) {
      return "";
    }
    if (isBlank(codePoint)) {
      return " ";
    }
    StringBuilder normal = new StringBuilder();
    String characters = Character.toString(codePoint);
    if (normalization.stripAccents()) {
      characters = Normalizer.normalize(characters, Normalizer.Form.NFD);
    }
    characters
        .codePoints()
        .filter(c -> !(normalization.stripAccents() && isNonSpacingMark(c)))
        .forEach(c -> appendInCase(normal, c));
    boolean isolated = normalization.isolateIdeographs() && isIdeograph(codePoint);
    return isolated ? " " + normal + " " : normal.toString();
  }

  private void appendInCase(StringBuilder normal, int codePoint) {
    if (!normalization.lowerCase()) {
      normal.appendCodePoint(codePoint);
    } else if (codePoint == 0x130) {
      normal.append("i\u0307"); // the one letter whose lower case is two characters
    } else {
      normal.appendCodePoint(Character.toLowerCase(codePoint));
    }
  }

  /** The kind of a character that is normalised already: never dropped, never expanded. */
  static byte kindOfNormal(int codePoint) {
    if (isBlank(codePoint)) {
      return BLANK;
    }
    return isPunctuation(codePoint) ? ALONE : LETTER;
  }

  private static boolean isRemoved(int codePoint) {
    if (codePoint == '\t' || codePoint == '\n' || codePoint == '\r') {
      return false;
    }
    return codePoint == 0
        || codePoint == 0xFFFD
        || switch (Character.getType(codePoint)) {
          case Character.CONTROL, Character.FORMAT, Character.PRIVATE_USE, Character.SURROGATE ->
              true;
          default -> false;
        };
  }

  private static boolean isBlank(int codePoint) {
    return codePoint == '\t'
        || codePoint == '\n'
        || codePoint == '\r'
        || Character.isSpaceChar(codePoint);
  }

  private static boolean isNonSpacingMark(int codePoint) {
    return Character.getType(codePoint) == Character.NON_SPACING_MARK;
  }

  /** Every ASCII character that is neither letter, digit nor blank counts, $ and ^ included. */
  private static boolean isPunctuation(int codePoint) {
    if (codePoint < 128) {
      return codePoint > ' ' && codePoint < 127 && !Character.isLetterOrDigit(codePoint);
    }
    return switch (Character.getType(codePoint)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }

  /** The CJK blocks that BERT isolates; kana and hangul are not among them. */
  private static boolean isIdeograph(int c) {
    return (c >= 0x4E00 && c <= 0x9FFF)
        || (c >= 0x3400 && c <= 0x4DBF)
        || (c >= 0x20000 && c <= 0x2A6DF)
        || (c >= 0x2A700 && c <= 0x2B73F)
        || (c >= 0x2B740 && c <= 0x2B81F)
        || (c >= 0x2B920 && c <= 0x2CEAF)
        || (c >= 0xF900 && c <= 0xFAFF)
        || (c >= 0x2F800 && c <= 0x2FA1F);
  }
}
