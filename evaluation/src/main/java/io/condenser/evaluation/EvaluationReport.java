package io.condenser.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** An evaluation as text, four decimals everywhere; no text ends with a line end. */
public final class EvaluationReport {
  private static final JsonMapper JSON = new JsonMapper();

  private EvaluationReport() {}

  /** A table with a column for each measure: if wanted a row for each query, then their mean. */
  public static String table(Evaluation evaluation, boolean perQuery) {
    List<String> header = new ArrayList<>(List.of("query"));
    evaluation.measures().forEach(measure -> header.add(measure.toString()));
    TextTable table = new TextTable(header);
    if (perQuery) {
      for (int i = 0; i < evaluation.queries().size(); i++) {
        table.row(row(evaluation, evaluation.queries().get(i), at(evaluation, i)));
      }
    }
    String all = "mean of " + evaluation.queries().size();
    return table.row(row(evaluation, all, evaluation::mean)).toString();
  }

  private static List<String> row(
      Evaluation evaluation, String name, ToDoubleFunction<Measure> value) {
    List<String> row = new ArrayList<>(List.of(name));
    evaluation.measures().forEach(m -> row.add(Decimals.four(value.applyAsDouble(m))));
    return row;
  }

  /**
   * JSON: {@code {"RR@10": 0.1234, "R@100": 0.5678}}, the means. With the queries: {@code {"mean":
   * {…}, "queries": {"q1": {…}, …}}}.
   */
  public static String json(Evaluation evaluation, boolean perQuery) {
    String means = jsonObject(evaluation, evaluation::mean);
    if (!perQuery) {
      return means;
    }
    List<String> queries = new ArrayList<>();
    for (int i = 0; i < evaluation.queries().size(); i++) {
      queries.add(
          JSON.writeValueAsString(evaluation.queries().get(i))
              + ": "
              + jsonObject(evaluation, at(evaluation, i)));
    }
    return "{\"mean\": %s,\n\"queries\": {\n%s}}".formatted(means, String.join(",\n", queries));
  }

  private static String jsonObject(Evaluation evaluation, ToDoubleFunction<Measure> value) {
    return evaluation.measures().stream()
        .map(m -> "\"%s\": %s".formatted(m, Decimals.four(value.applyAsDouble(m))))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  /**
   * trec_eval's output (that of {@code trec_eval -c}, with {@code -q} for the queries): name, query
   * or {@code all}, value. The counts come first; {@code num_q} is the number of judged queries.
   */
  public static String trecEval(Evaluation evaluation, boolean perQuery) {
    List<String> lines = new ArrayList<>();
    if (perQuery) {
      for (int i = 0; i < evaluation.queries().size(); i++) {
        String query = evaluation.queries().get(i);
        trecEval(lines, evaluation, query, evaluation.counts(i), at(evaluation, i));
      }
    }
    lines.add(line("num_q", "all", Integer.toString(evaluation.queries().size())));
    trecEval(lines, evaluation, "all", evaluation.counts(), evaluation::mean);
    return String.join("\n", lines);
  }

  private static void trecEval(
      List<String> lines,
      Evaluation evaluation,
      String query,
      Evaluation.Counts counts,
      ToDoubleFunction<Measure> value) {
    lines.add(line("num_ret", query, Long.toString(counts.retrieved())));
    lines.add(line("num_rel", query, Long.toString(counts.relevant())));
    lines.add(line("num_rel_ret", query, Long.toString(counts.relevantRetrieved())));
    for (Measure m : evaluation.measures()) {
      lines.add(line(m.trecEvalName(), query, Decimals.four(value.applyAsDouble(m))));
    }
  }

  private static String line(String name, String query, String value) {
    return "%-22s\t%s\t%s".formatted(name, query, value);
  }

  private static ToDoubleFunction<Measure> at(Evaluation evaluation, int query) {
    return measure -> evaluation.value(measure, query);
  }
}
