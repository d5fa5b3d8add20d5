package io.condenser.cli.retrieval;

import io.condenser.retrieval.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Answers as a terminal shows them: rank, score, title and the beginning of the text. */
public final class AnswerPage {
  private static final int MARGIN = 5;

  private final int columns;
  private final int lines;

  /**
   * A page.
   *
   * @param columns of the terminal, at least 20
   * @param lines of text of each answer, at least 1
   */
  public AnswerPage(int columns, int lines) {
    if (columns < 20 || lines < 1) {
      throw new IllegalArgumentException(columns + " columns, " + lines + " lines");
    }
    this.columns = columns;
    this.lines = lines;
  }

  /** The answers, best first, as text without a line break at its end. */
  public String show(List<Answer> answers) {
    if (answers.isEmpty()) {
      return "Nothing found.";
    }
    List<String> page = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      Answer answer = answers.get(i);
      String name = answer.title().isBlank() ? answer.id() : answer.title();
      page.add(
          String.format(
              Locale.ROOT, "%3d. %s  (%s, %.4g)", i + 1, name, answer.id(), answer.score()));
      for (String line : beginning(answer.text())) {
        page.add(" ".repeat(MARGIN) + line);
      }
      page.add("");
    }
    page.removeLast();
    return String.join("\n", page);
  }

  /** The first lines of a text, broken at blanks where there are any; "…" where it goes on. */
  private List<String> beginning(String text) {
    String rest = text.strip().replaceAll("\\s+", " ");
    List<String> shown = new ArrayList<>();
    while (!rest.isEmpty()) {
      if (shown.size() == lines) {
        shown.add(shown.removeLast() + " …");
        break;
      }
      int end = fitting(rest, columns - MARGIN - 2);
      shown.add(rest.substring(0, end).strip());
      rest = rest.substring(end).strip();
    }
    return shown;
  }

  /** How many chars of a text fit a width, ending at the last blank if there is one. */
  private static int fitting(String text, int width) {
    int used = 0;
    int blank = -1;
    for (int at = 0; at < text.length(); ) {
      int character = text.codePointAt(at);
      blank = character == ' ' ? at : blank;
      used += isWide(character) ? 2 : 1;
      if (used > width) {
        return blank > 0 ? blank : at;
      }
      at += Character.charCount(character);
    }
    return text.length();
  }

  /** Chinese, Japanese and Korean characters take two columns. */
  private static boolean isWide(int character) {
    return Character.isIdeographic(character)
        || (character >= 0x1100 && character <= 0x115F)
        || (character >= 0x3000 && character <= 0x30FF)
        || (character >= 0xAC00 && character <= 0xD7A3)
        || (character >= 0xFF00 && character <= 0xFF60);
  }
}
