package io.condenser.text.wordpiece;

import java.text.Normalizer;
import java.util.BitSet;

/**
 * The properties of characters that BERT's normalisation asks for, with the answers that Hugging
 * Face's tokenizer gives. Its tables of general categories are those of Unicode 8, its
 * decompositions of Unicode 12, its cases of Unicode 17; this JVM's are of one version (16 in JDK
 * 25). Where they differ, theirs count: a model was trained with them. Found, and kept right, by
 * comparing every character.
 */
final class BertCharacters {
  /**
   * Marks, punctuation, format characters and compositions that came to Unicode after those tables:
   * plain letters there. (A range may hold true letters and what is not assigned.)
   */
  private static final BitSet PLAIN =
      ranges(
          """
          061D 07FD 0890-08E2 09FD-09FE 0A76 0AFA-0AFF 0B55 0C04-0C3C 0C77 0C84 0D00 0D3B-0D3C 0D81
          0EBA 0ECE 180F-1886 1ABF-1ACE 1B4E-1B4F 1B7D-1B7F 1DF6-1DFB 2E43-2E5D A82C A8C5 A8FF A9BD
          105C9-105E4 10D24-10F89 11070-11074 110C2-110CD 111CF 1123E-11241 1133B 11383-1145E
          11660-1166C 116B9 1182F-11FFF 12FF1-12FF2 13430-13455 1611E-1612F 16D68-16F4F 16FE2-16FE4
          1CF00-1CF46 1E000-1E5FF 1E944-1E95F
          """);

  private BertCharacters() {}

  private static BitSet ranges(String text) {
    BitSet set = new BitSet();
    for (String range : text.strip().split("\\s+", -1)) {
      String[] ends = range.split("-", -1);
      int first = Integer.parseInt(ends[0], 16);
      set.set(first, Integer.parseInt(ends[ends.length - 1], 16) + 1);
    }
    return set;
  }

  /** Control, format and private characters, and the mark of what could not be decoded. */
  static boolean isRemoved(int c) {
    if (c == '\t' || c == '\n' || c == '\r' || PLAIN.get(c)) {
      return false;
    }
    return c == 0xFFFD
        || switch (Character.getType(c)) {
          case Character.CONTROL, Character.FORMAT, Character.PRIVATE_USE, Character.SURROGATE ->
              true;
          default -> false;
        };
  }

  static boolean isBlank(int c) {
    return c == '\t' || c == '\n' || c == '\r' || Character.isSpaceChar(c);
  }

  /** Every ASCII character that is neither letter, digit nor blank counts, $ and ^ included. */
  static boolean isPunctuation(int c) {
    if (c < 128) {
      return c > ' ' && c < 127 && !Character.isLetterOrDigit(c);
    }
    if (c == 0x166D || c == 0x111C9) {
      return true; // no longer, in Unicode 16
    }
    return !PLAIN.get(c)
        && switch (Character.getType(c)) {
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
  static boolean isIdeograph(int c) {
    return (c >= 0x4E00 && c <= 0x9FFF)
        || (c >= 0x3400 && c <= 0x4DBF)
        || (c >= 0x20000 && c <= 0x2A6DF)
        || (c >= 0x2A700 && c <= 0x2B73F)
        || (c >= 0x2B740 && c <= 0x2B81F)
        || (c >= 0x2B920 && c <= 0x2CEAF)
        || (c >= 0xF900 && c <= 0xFAFF)
        || (c >= 0x2F800 && c <= 0x2FA1F);
  }

  /** The canonical decomposition of a character without its non-spacing marks. */
  static String withoutMarks(int c) {
    String character = Character.toString(c);
    if (PLAIN.get(c)) {
      return character;
    }
    StringBuilder bare = new StringBuilder();
    Normalizer.normalize(character, Normalizer.Form.NFD)
        .codePoints()
        .filter(part -> !isNonSpacingMark(part))
        .forEach(bare::appendCodePoint);
    return bare.toString();
  }

  private static boolean isNonSpacingMark(int c) {
    boolean once = c == 0x1734 || c == 0x1171E; // no longer, in Unicode 16
    return once
        || (Character.getType(c) == Character.NON_SPACING_MARK && !PLAIN.get(c) && c != 0x111C9);
  }

  /** Lower case, character by character: a final sigma is a sigma like any other. */
  static String lowerCase(String characters) {
    StringBuilder lower = new StringBuilder();
    characters.codePoints().forEach(c -> appendLowerCase(lower, c));
    return lower.toString();
  }

  private static void appendLowerCase(StringBuilder lower, int c) {
    if (c == 0x130) {
      lower.append("i\u0307"); // the one letter whose lower case is two characters
    } else if (c == 0xA7CE || c == 0xA7D2 || c == 0xA7D4) { // as Unicode 17 pairs them
      lower.appendCodePoint(c + 1);
    } else if (c >= 0x16EA0 && c <= 0x16EB8) {
      lower.appendCodePoint(c + 27);
    } else {
      lower.appendCodePoint(Character.toLowerCase(c));
    }
  }
}
