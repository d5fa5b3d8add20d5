package io.condenser.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows of text in aligned columns: names to the left, numbers to the right. */
public final class TextTable {
  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();
  private final int columns;
  private final int names;

  /** A table whose first column holds names. */
  public TextTable(List<String> header) {
    this(header, 1);
  }

  /** A table whose first so many columns hold names. */
  public TextTable(List<String> header, int names) {
    this.columns = header.size();
    this.names = names;
    rows.add(List.copyOf(header));
  }

  /** Adds a row, of as many cells as the header has. */
  public TextTable row(List<String> cells) {
    if (cells.size() != columns) {
      throw new IllegalArgumentException(
          "%d cells under a header of %d".formatted(cells.size(), columns));
    }
    rows.add(List.copyOf(cells));
    return this;
  }

  /** The rows, a line each, the last without a line end. */
  @Override
  public String toString() {
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      Arrays.setAll(widths, c -> Math.max(widths[c], length(row.get(c))));
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < columns; c++) {
        String padding = " ".repeat(widths[c] - length(row.get(c)));
        line.append(c == 0 ? "" : GAP)
            .append(c < names ? row.get(c) + padding : padding + row.get(c));
      }
      text.append(text.isEmpty() ? "" : "\n").append(line.toString().stripTrailing());
    }
    return text.toString();
  }

  private static int length(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
