package io.condenser.cli.ablation;

import java.util.ArrayList;
import java.util.List;

/** The tables as Markdown, in columns that are aligned for readers of the text itself. */
final class MarkdownTables {
  static final String FILE = "tables.md";

  private MarkdownTables() {}

  static String of(AblationResults results) {
    TableTexts texts = new TableTexts(results);
    List<String> parts = new ArrayList<>();
    if (!results.baselines().isEmpty()) {
      parts.add("## Baselines\n\n" + baselines(results, texts));
    }
    for (Table table : results.tables()) {
      parts.add("## " + texts.title(table) + "\n\n" + table(table, texts));
      if (table.tests() > 0) {
        parts.add(escaped(texts.legend(table)));
      }
    }
    parts.add(escaped(texts.means()));
    return String.join("\n\n", parts);
  }

  private static String baselines(AblationResults results, TableTexts texts) {
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of(""));
    results.ablation().measures().forEach(measure -> head.add(measure.toString()));
    rows.add(head);
    for (Measured baseline : results.baselines()) {
      List<String> row = new ArrayList<>(List.of(baseline.cell().name()));
      results.ablation().measures().forEach(m -> row.add(texts.number(baseline, m)));
      rows.add(row);
    }
    return lines(rows, 1);
  }

  private static String table(Table table, TableTexts texts) {
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(table.spec().rows());
    table.columns().forEach(column -> head.add(texts.head(table, column)));
    rows.add(head);
    for (int r = 0; r < table.rows().size(); r++) {
      List<String> row = new ArrayList<>(TableTexts.row(table, r));
      for (int c = 0; c < table.columns().size(); c++) {
        row.add(table.entry(r, c).map(e -> texts.entry(table, e)).orElse("–"));
      }
      rows.add(row);
    }
    return lines(rows, table.spec().rows().size());
  }

  /** Names to the left, numbers to the right. */
  private static String lines(List<List<String>> rows, int names) {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int c = 0; c < columns; c++) {
        widths[c] = Math.max(widths[c], Math.max(4, escaped(row.get(c)).length()));
      }
    }
    StringBuilder text = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      for (int c = 0; c < columns; c++) {
        String cell = escaped(rows.get(r).get(c));
        String padding = " ".repeat(widths[c] - cell.length());
        text.append(c < names ? "| " + cell + padding + " " : "| " + padding + cell + " ");
      }
      text.append("|\n");
      if (r == 0) {
        for (int c = 0; c < columns; c++) {
          String rule = "-".repeat(widths[c] + 1);
          text.append(c < names ? "|" + rule + "-" : "|" + rule + ":");
        }
        text.append("|\n");
      }
    }
    return text.toString().stripTrailing();
  }

  /** Stars and bars are Markdown's own signs. */
  private static String escaped(String text) {
    return text.replace("|", "\\|").replace("*", "\\*");
  }
}
