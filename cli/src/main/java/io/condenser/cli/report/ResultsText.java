package io.condenser.cli.report;

import io.condenser.cli.report.Results.Difference;
import io.condenser.cli.report.Results.Measured;
import io.condenser.evaluation.Comparison;
import io.condenser.evaluation.Decimals;
import io.condenser.evaluation.Measure;
import io.condenser.evaluation.TextTable;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Results for a terminal and for programs. */
public final class ResultsText {
  private static final JsonMapper JSON = JsonMapper.shared();

  private ResultsText() {}

  /** Systems as rows, measures as columns, marks behind the means, and what the marks say. */
  static String table(Results results) {
    List<String> header = new ArrayList<>(List.of(""));
    for (Measure measure : results.measures()) {
      header.add(measure + " ".repeat(marksWidth(results, measure)));
    }
    TextTable table = new TextTable(header);
    for (Measured system : results.systems()) {
      List<String> row = new ArrayList<>(List.of(name(results, system)));
      for (Measure measure : results.measures()) {
        String marks = marks(results, system, measure);
        int gap = marksWidth(results, measure) - marks.length();
        row.add(Decimals.four(system.evaluation().mean(measure)) + marks + " ".repeat(gap));
      }
      table.row(row);
    }
    return table + "\n\n" + legend(results);
  }

  private static String name(Results results, Measured system) {
    boolean baseline = results.baselines().contains(system.name());
    return baseline ? system.name() + " (" + results.letter(system.name()) + ")" : system.name();
  }

  private static String marks(Results results, Measured system, Measure measure) {
    String beaten = results.beaten(system, measure);
    String lostTo = results.lostTo(system, measure);
    String marks = beaten + (lostTo.isEmpty() ? "" : "-" + lostTo);
    return marks.isEmpty() ? "" : " " + marks;
  }

  private static int marksWidth(Results results, Measure measure) {
    return results.systems().stream()
        .mapToInt(s -> marks(results, s, measure).length())
        .max()
        .orElse(0);
  }

  /** What the marks of the table say, and how many queries stand behind it. */
  static String legend(Results results) {
    String queries = "Means over %d queries.".formatted(results.queries());
    if (results.baselines().isEmpty()) {
      return queries;
    }
    List<String> letters =
        results.baselines().stream().map(b -> results.letter(b) + " = " + b).toList();
    return queries
        + " %s: significantly better than that baseline, after '-' worse"
            .formatted(String.join(", ", letters))
        + "\n(paired randomisation test, %,d samples, p < %s after Holm's correction)."
            .formatted(results.tests().samples(), Results.ALPHA);
  }

  /**
   * Unrounded numbers: {@code {"queries": n, "measures": […], "alpha": …, "systems": [{"name",
   * "means": {measure: mean}, "against": [{"baseline", "measure", "difference", "low", "high",
   * "p-t-test", "p-randomisation", "p-holm"}]}]}}.
   */
  static ObjectNode json(Results results) {
    ObjectNode root = JSON.createObjectNode();
    root.put("queries", results.queries());
    ArrayNode measures = root.putArray("measures");
    results.measures().forEach(m -> measures.add(m.toString()));
    root.put("alpha", Results.ALPHA)
        .put("confidence", results.tests().confidence())
        .put("samples", results.tests().samples())
        .put("seed", results.tests().seed());
    ArrayNode systems = root.putArray("systems");
    for (Measured system : results.systems()) {
      ObjectNode node = systems.addObject().put("name", system.name());
      ObjectNode means = node.putObject("means");
      results.measures().forEach(m -> means.put(m.toString(), system.evaluation().mean(m)));
      ArrayNode against = node.putArray("against");
      system.differences().forEach(d -> add(against, d));
    }
    return root;
  }

  private static void add(ArrayNode against, Difference difference) {
    ObjectNode node = against.addObject().put("baseline", difference.baseline());
    describe(node, difference.comparison(), difference.corrected());
  }

  /**
   * Adds a comparison's numbers.
   *
   * @param corrected its p value after Holm's correction
   */
  public static void describe(ObjectNode node, Comparison c, double corrected) {
    node.put("measure", c.measure().toString())
        .put("difference", c.difference())
        .put("low", c.interval().low())
        .put("high", c.interval().high())
        .put("p-t-test", c.pairedT())
        .put("p-randomisation", c.randomisation())
        .put("p-holm", corrected);
  }
}
