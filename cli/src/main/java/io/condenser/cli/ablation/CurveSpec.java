package io.condenser.cli.ablation;

import io.condenser.evaluation.Measure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A chart that was asked for: a measure along an axis.
 *
 * @param x the axis; its labels stand at their numbers of training queries where those are known
 * @param lines axes whose labels make the lines
 * @param where the labels of the other axes
 */
public record CurveSpec(
    String title, String x, List<String> lines, Measure measure, Map<String, String> where) {
  public CurveSpec {
    lines = List.copyOf(lines);
    where = new LinkedHashMap<>(where);
  }
}
