package io.condenser.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Systems against one baseline as text. Several systems are several chances to be lucky: their
 * randomisation p values are then corrected by Holm's method, within each measure.
 */
public final class ComparisonReport {
  private static final JsonMapper JSON = new JsonMapper();

  private final String baseline;
  private final List<Compared> systems;
  private final int measures;
  private final double confidence;

  /**
   * A system and its comparisons.
   *
   * @param name what the report calls it
   * @param comparisons with the baseline, one for each measure
   */
  public record Compared(String name, List<Comparison> comparisons) {
    public Compared {
      comparisons = List.copyOf(comparisons);
    }
  }

  /**
   * A report.
   *
   * @param baseline what the report calls the baseline
   * @param systems one or more, each compared by the same measures in the same order
   * @param confidence that the intervals were made with
   */
  public ComparisonReport(String baseline, List<Compared> systems, double confidence) {
    if (systems.isEmpty()
        || systems.stream().map(ComparisonReport::measuresOf).distinct().count() != 1) {
      throw new IllegalArgumentException("expected systems, compared by the same measures");
    }
    this.baseline = baseline;
    this.systems = List.copyOf(systems);
    this.measures = systems.getFirst().comparisons().size();
    this.confidence = confidence;
  }

  private static List<Measure> measuresOf(Compared system) {
    return system.comparisons().stream().map(Comparison::measure).toList();
  }

  /** A table: for each measure a row for the baseline, then one for each system. */
  public String table() {
    List<String> header = new ArrayList<>(List.of("measure", "run", "mean", "difference"));
    header.add(percent(confidence) + " interval");
    header.addAll(List.of("p (t test)", "p (randomisation)"));
    if (systems.size() > 1) {
      header.add("p (Holm)");
    }
    TextTable table = new TextTable(header, 2);
    for (int m = 0; m < measures; m++) {
      Comparison first = systems.getFirst().comparisons().get(m);
      List<String> row =
          new ArrayList<>(
              List.of(first.measure().toString(), baseline, Decimals.four(first.baseline())));
      while (row.size() < header.size()) {
        row.add("");
      }
      table.row(row);
      addSystems(table, m);
    }
    return table.toString();
  }

  private void addSystems(TextTable table, int measure) {
    double[] corrected = corrected(measure);
    for (int s = 0; s < corrected.length; s++) {
      Comparison c = systems.get(s).comparisons().get(measure);
      List<String> row =
          new ArrayList<>(
              List.of(
                  c.measure().toString(),
                  systems.get(s).name(),
                  Decimals.four(c.system()),
                  Decimals.signedFour(c.difference()),
                  Decimals.signedFour(c.interval().low())
                      + " to "
                      + Decimals.signedFour(c.interval().high()),
                  Decimals.p(c.pairedT()),
                  Decimals.p(c.randomisation())));
      if (systems.size() > 1) {
        row.add(Decimals.p(corrected[s]));
      }
      table.row(row);
    }
  }

  /** Holm's correction of the randomisation p values of one measure, by system. */
  private double[] corrected(int measure) {
    return Significance.holm(
        systems.stream().mapToDouble(s -> s.comparisons().get(measure).randomisation()).toArray());
  }

  /**
   * JSON on one line, numbers unrounded: {@code {"RR@10": {"baseline": {"run", "mean"}, "runs":
   * [{"run", "mean", "difference", "low", "high", "p-t-test", "p-randomisation", "p-holm"}, …]},
   * …}}; {@code p-holm} where there are several systems.
   */
  public String json() {
    ObjectNode root = JSON.createObjectNode();
    for (int m = 0; m < measures; m++) {
      Comparison first = systems.getFirst().comparisons().get(m);
      ObjectNode node = root.putObject(first.measure().toString());
      node.putObject("baseline").put("run", baseline).put("mean", first.baseline());
      addSystems(node.putArray("runs"), m);
    }
    return JSON.writeValueAsString(root);
  }

  private void addSystems(ArrayNode runs, int measure) {
    double[] corrected = corrected(measure);
    for (int s = 0; s < corrected.length; s++) {
      Comparison c = systems.get(s).comparisons().get(measure);
      ObjectNode run =
          runs.addObject()
              .put("run", systems.get(s).name())
              .put("mean", c.system())
              .put("difference", c.difference())
              .put("low", c.interval().low())
              .put("high", c.interval().high())
              .put("p-t-test", c.pairedT())
              .put("p-randomisation", c.randomisation());
      if (corrected.length > 1) {
        run.put("p-holm", corrected[s]);
      }
    }
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.4g", 100 * share).replaceFirst("\\.?0+$", "") + "%";
  }
}
