package io.condenser.cli.ablation;

import io.condenser.cli.ablation.Measured.Observation;
import io.condenser.cli.ablation.Table.Entry;
import io.condenser.cli.ablation.Table.Test;
import io.condenser.cli.report.ResultsText;
import io.condenser.evaluation.Measure;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The numbers for programs, unrounded; {@code docs/ablations.md} describes them. */
final class AblationJson {
  private static final JsonMapper JSON = JsonMapper.shared();

  private AblationJson() {}

  static ObjectNode of(AblationResults results) {
    Ablation ablation = results.ablation();
    ObjectNode root = JSON.createObjectNode().put("name", ablation.name());
    ArrayNode seeds = root.putArray("seeds");
    results.seeds().forEach(seeds::add);
    ObjectNode axes = root.putObject("axes");
    ablation
        .axes()
        .forEach((axis, labels) -> {
          ArrayNode its = axes.putArray(axis);
          labels.forEach(its::add);
        });
    ArrayNode measures = root.putArray("measures");
    ablation.measures().forEach(m -> measures.add(m.toString()));
    ArrayNode cells = root.putArray("cells");
    results.cells().forEach(m -> cell(cells.addObject(), m, ablation));
    ArrayNode tables = root.putArray("tables");
    results.tables().forEach(t -> table(tables.addObject(), t));
    ObjectNode failures = root.putObject("failures");
    results.failures().forEach(failures::put);
    return root;
  }

  private static void cell(ObjectNode node, Measured measured, Ablation ablation) {
    node.put("name", measured.cell().name());
    ObjectNode labels = node.putObject("labels");
    measured.cell().labels().forEach(labels::put);
    node.put("queries", measured.queries().size());
    if (measured.trainingQueries() >= 0) {
      node.put("training-queries", measured.trainingQueries());
    }
    ObjectNode means = node.putObject("means");
    ObjectNode deviations = node.putObject("deviations");
    for (Measure measure : ablation.measures()) {
      means.put(measure.toString(), measured.mean(measure));
      deviation(deviations, measure.toString(), measured.deviation(measure));
    }
    ArrayNode runs = node.putArray("runs");
    for (Observation observation : measured.observations()) {
      ObjectNode run =
          runs.addObject()
              .put("seed", observation.goal().trial().seed())
              .put("run", observation.goal().wanted().run().toString());
      ObjectNode its = run.putObject("means");
      ablation.measures().forEach(m -> its.put(m.toString(), observation.evaluation().mean(m)));
    }
  }

  private static void deviation(ObjectNode node, String name, double deviation) {
    if (!Double.isNaN(deviation)) {
      node.put(name, deviation);
    }
  }

  private static void table(ObjectNode node, Table table) {
    node.put("title", table.spec().title()).put("comparisons", table.tests());
    ArrayNode entries = node.putArray("entries");
    for (Entry entry : table.entries()) {
      Measure measure = table.columns().get(entry.column()).measure();
      ObjectNode one = entries.addObject().put("cell", entry.measured().cell().name());
      one.put("measure", measure.toString()).put("mean", entry.measured().mean(measure));
      deviation(one, "deviation", entry.measured().deviation(measure));
      entry.test().ifPresent(test -> test(one, test));
    }
  }

  private static void test(ObjectNode node, Test test) {
    node.put("against", test.against().cell().name());
    ResultsText.describe(node, test.comparison(), test.corrected());
  }
}
