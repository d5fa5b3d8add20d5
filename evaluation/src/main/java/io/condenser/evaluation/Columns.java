package io.condenser.evaluation;

import io.condenser.storage.InputException;
import io.condenser.storage.Lines;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The columns of one line of a qrels or run file. */
final class Columns {
  private Columns() {}

  /** The parts between runs of blanks and tabs; those at the ends of the line do not count. */
  static List<String> splitAtBlanks(String line) {
    List<String> columns = new ArrayList<>(6);
    int at = 0;
    while (true) {
      while (at < line.length() && isBlank(line.charAt(at))) {
        at++;
      }
      if (at == line.length()) {
        return columns;
      }
      int start = at;
      while (at < line.length() && !isBlank(line.charAt(at))) {
        at++;
      }
      columns.add(line.substring(start, at));
    }
  }

  /** The parts between tabs, blanks around them removed. */
  static List<String> splitAtTabs(String line) {
    List<String> columns = new ArrayList<>(4);
    int start = 0;
    for (int tab = line.indexOf('\t'); tab >= 0; tab = line.indexOf('\t', start)) {
      columns.add(line.substring(start, tab).strip());
      start = tab + 1;
    }
    columns.add(line.substring(start).strip());
    return columns;
  }

  /**
   * A whole number of the line last read.
   *
   * @throws InputException naming the column, if it is none
   */
  static int integer(Lines lines, String column, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw InputException.at(
          lines.file(), lines.number(), "%s '%s' is not a whole number".formatted(column, text), e);
    }
  }

  /**
   * An id that is about to be written to a file whose columns end at blanks.
   *
   * @throws InputException if the id holds a blank or is empty, and so would not be read back
   */
  static String writable(String kind, String id) {
    if (id.isEmpty() || id.chars().anyMatch(Character::isWhitespace)) {
      throw new InputException(
          "%s id '%s' is empty or holds a blank, and columns of this format end at blanks; rename it"
              .formatted(kind, id));
    }
    return id;
  }

  /** As {@link #writable}, for a file whose columns end at tabs alone. */
  static String withoutTab(String kind, String id) {
    if (id.isBlank() || id.chars().anyMatch(c -> c == '\t' || c == '\n' || c == '\r')) {
      throw new InputException(
          "%s id '%s' is empty or holds a tab, and columns of this format end at tabs; rename it"
              .formatted(kind, id));
    }
    return id;
  }

  /** Counts and a noun, for messages: {@code 1 query}, {@code 2 queries}. */
  static String count(int n, String one, String many) {
    return String.format(Locale.ROOT, "%d %s", n, n == 1 ? one : many);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\f' || c == 0x0b || c == '\r';
  }
}
