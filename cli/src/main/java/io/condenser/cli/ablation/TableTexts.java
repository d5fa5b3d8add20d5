package io.condenser.cli.ablation;

import io.condenser.cli.ablation.Table.Column;
import io.condenser.cli.ablation.Table.Entry;
import io.condenser.cli.ablation.TableSpec.Against;
import io.condenser.evaluation.Decimals;
import io.condenser.evaluation.Measure;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What stands in a table, for every format alike. */
final class TableTexts {
  private final AblationResults results;

  TableTexts(AblationResults results) {
    this.results = results;
  }

  /** The title, with the measure where all columns share it, and what is fixed. */
  String title(Table table) {
    List<String> more = new ArrayList<>();
    if (sharesMeasure(table)) {
      more.add(table.spec().measures().getFirst().toString());
    }
    table
        .spec()
        .where()
        .forEach((axis, label) -> {
          if (results.ablation().axes().getOrDefault(axis, List.of()).size() > 1) {
            more.add(axis + ": " + label);
          }
        });
    return table.spec().title() + (more.isEmpty() ? "" : " (" + String.join(", ", more) + ")");
  }

  private static boolean sharesMeasure(Table table) {
    return table.spec().measures().size() == 1 && !table.spec().columns().isEmpty();
  }

  /** The head of a column. */
  String head(Table table, Column column) {
    List<String> parts = new ArrayList<>(column.labels().values());
    if (!sharesMeasure(table)) {
      parts.add(column.measure().toString());
    }
    return String.join(" · ", parts);
  }

  /** Mean and standard deviation, and how many seeds where some are missing. */
  String number(Measured measured, Measure measure) {
    double deviation = measured.deviation(measure);
    int seeds = results.seeds().size();
    return Decimals.four(measured.mean(measure))
        + (Double.isNaN(deviation) ? "" : " ± " + Decimals.four(deviation))
        + (measured.trials() < seeds ? " (%d of %d)".formatted(measured.trials(), seeds) : "");
  }

  /** How the numbers came to be. */
  String means() {
    int queries = results.cells().stream().mapToInt(m -> m.queries().size()).max().orElse(0);
    String seeds = results.seeds().stream().map(String::valueOf).collect(Collectors.joining(", "));
    return results.seeds().size() == 1
        ? "Means over %,d queries; one seed.".formatted(queries)
        : "Means over %,d queries and the seeds %s; ± is the standard deviation over seeds."
            .formatted(queries, seeds);
  }

  /** What the marks of a table say; empty if nothing was tested. */
  String legend(Table table) {
    if (table.tests() == 0) {
      return "";
    }
    return String.format(
        Locale.ROOT,
        "Stars: better than %s, arrows: worse; one, two, three for p < 0.05, 0.01, 0.001 (paired"
            + " randomisation test over queries, each in the mean over seeds, %,d samples, after"
            + " Holm's correction for the %d comparisons of the table).",
        against(table.spec().compare()),
        AblationResults.TESTS.samples(),
        table.tests());
  }

  private static String against(Against compare) {
    return switch (compare) {
      case Against.Nothing _ -> "nothing";
      case Against.Baseline baseline -> baseline.name();
      case Against.Labels labels ->
          labels.labels().entrySet().stream()
              .map(e -> e.getKey() + ": " + e.getValue())
              .collect(Collectors.joining(", "));
      case Against.Previous previous -> "the %s before it".formatted(previous.axis());
    };
  }

  /** The labels that begin a row. */
  static List<String> row(Table table, int row) {
    return List.copyOf(table.rows().get(row).values());
  }

  /** An entry's number and marks. */
  String entry(Table table, Entry entry) {
    Measure measure = table.columns().get(entry.column()).measure();
    String marks = entry.marks();
    return number(entry.measured(), measure) + (marks.isEmpty() ? "" : " " + marks);
  }
}
