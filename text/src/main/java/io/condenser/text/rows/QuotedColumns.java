package io.condenser.text.rows;

import java.util.ArrayList;
import java.util.List;

/**
 * Tab-separated columns with the quotes of CSV, read as Python's {@code csv} reads them by default,
 * which is what wrote DPR's files: a column that starts with a quote ends with one, and within it
 * two quotes mean one and a tab is a tab. Quotes anywhere else mean themselves.
 */
public final class QuotedColumns {
  private QuotedColumns() {}

  /**
   * The columns of a line, at least one.
   *
   * @throws IllegalArgumentException if a quote is not closed on the line
   */
  public static List<String> split(String line) {
    List<String> columns = new ArrayList<>(3);
    int at = 0;
    while (true) {
      StringBuilder column = new StringBuilder();
      if (at < line.length() && line.charAt(at) == '"') {
        at = quoted(line, at + 1, column);
      }
      int end = line.indexOf('\t', at);
      column.append(line, at, end < 0 ? line.length() : end);
      columns.add(column.toString());
      if (end < 0) {
        return columns;
      }
      at = end + 1;
    }
  }

  /** Reads up to the closing quote; returns the place behind it. */
  private static int quoted(String line, int start, StringBuilder column) {
    int at = start;
    while (true) {
      int quote = line.indexOf('"', at);
      if (quote < 0) {
        throw new IllegalArgumentException(
            "a column opens with a quote that does not close on its line; expected two quotes for"
                + " one within quotes, as CSV has it");
      }
      column.append(line, at, quote);
      if (quote + 1 == line.length() || line.charAt(quote + 1) != '"') {
        return quote + 1;
      }
      column.append('"');
      at = quote + 2;
    }
  }
}
