package io.condenser.text;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Whether a text contains one of a question's answers, by DPR's rule (Karpukhin et al. 2020, §5):
 * in Unicode's NFD, a token is a run of letters, digits and marks, or one other character that is
 * neither a separator nor a control character; tokens are compared in lower case; an answer is
 * there if its tokens follow one another in the text's. So "cat" is not in "cats", and "U.S." is in
 * "the u . s .".
 *
 * <p>An answer without any token says nothing, and is nowhere. (DPR's own script finds it in every
 * passage.)
 */
public final class AnswerStrings {
  private final List<List<String>> answers;

  private AnswerStrings(List<List<String>> answers) {
    this.answers = answers;
  }

  /** The answers of one question, any one of which will do. */
  public static AnswerStrings of(List<String> answers) {
    return new AnswerStrings(
        answers.stream().map(AnswerStrings::tokens).filter(tokens -> !tokens.isEmpty()).toList());
  }

  /** Whether a text contains one of the answers. */
  public boolean areIn(String text) {
    return areIn(tokens(text));
  }

  /** Whether a text, given as its {@link #tokens}, contains one of the answers. */
  public boolean areIn(List<String> text) {
    return answers.stream().anyMatch(answer -> Collections.indexOfSubList(text, answer) >= 0);
  }

  /** The tokens of a text. */
  public static List<String> tokens(String text) {
    String normal = Normalizer.normalize(text, Normalizer.Form.NFD);
    List<String> tokens = new ArrayList<>();
    int start = -1; // of the run of letters, digits and marks that is open, or -1
    int at = 0;
    while (at < normal.length()) {
      int character = normal.codePointAt(at);
      int next = at + Character.charCount(character);
      Kind kind = Kind.of(character);
      if (kind == Kind.WORD) {
        start = start < 0 ? at : start;
      } else {
        if (start >= 0) {
          tokens.add(lower(normal.substring(start, at)));
          start = -1;
        }
        if (kind == Kind.ALONE) {
          tokens.add(lower(normal.substring(at, next)));
        }
      }
      at = next;
    }
    if (start >= 0) {
      tokens.add(lower(normal.substring(start)));
    }
    return tokens;
  }

  private static String lower(String token) {
    return token.toLowerCase(Locale.ROOT);
  }

  /** What a character does: joins a run, is a token by itself, or only separates. */
  private enum Kind {
    WORD,
    ALONE,
    GAP;

    /** By Unicode's general category: L, N, M; Z, C; all others. */
    static Kind of(int character) {
      return switch (Character.getType(character)) {
        case Character.UPPERCASE_LETTER,
            Character.LOWERCASE_LETTER,
            Character.TITLECASE_LETTER,
            Character.MODIFIER_LETTER,
            Character.OTHER_LETTER,
            Character.DECIMAL_DIGIT_NUMBER,
            Character.LETTER_NUMBER,
            Character.OTHER_NUMBER,
            Character.NON_SPACING_MARK,
            Character.ENCLOSING_MARK,
            Character.COMBINING_SPACING_MARK ->
            WORD;
        case Character.SPACE_SEPARATOR,
            Character.LINE_SEPARATOR,
            Character.PARAGRAPH_SEPARATOR,
            Character.CONTROL,
            Character.FORMAT,
            Character.SURROGATE,
            Character.PRIVATE_USE,
            Character.UNASSIGNED ->
            GAP;
        default -> ALONE;
      };
    }
  }
}
