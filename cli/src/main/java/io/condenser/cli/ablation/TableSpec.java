package io.condenser.cli.ablation;

import io.condenser.evaluation.Measure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A table that was asked for.
 *
 * @param rows axes whose labels make the rows
 * @param columns axes whose labels make the columns
 * @param measures a column each, within those of the axes
 * @param where the labels of the other axes
 * @param compare what each cell is tested against
 */
public record TableSpec(
    String title,
    List<String> rows,
    List<String> columns,
    List<Measure> measures,
    Map<String, String> where,
    Against compare) {
  public TableSpec {
    rows = List.copyOf(rows);
    columns = List.copyOf(columns);
    measures = List.copyOf(measures);
    where = new LinkedHashMap<>(where);
  }

  /** What a cell is tested against. */
  public sealed interface Against {
    /** Nothing is tested. */
    record Nothing() implements Against {}

    /** A baseline beside the grid. */
    record Baseline(String name) implements Against {}

    /** The cell that has these labels, and is the same on all other axes. */
    record Labels(Map<String, String> labels) implements Against {
      public Labels {
        labels = new LinkedHashMap<>(labels);
      }
    }

    /** The cell with the label before it on an axis, and the same on all others. */
    record Previous(String axis) implements Against {}
  }
}
