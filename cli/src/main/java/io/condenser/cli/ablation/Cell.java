package io.condenser.cli.ablation;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is measured with several seeds: a place of the grid, or a baseline beside it.
 *
 * @param name for people, unique in the ablation
 * @param labels one of each axis; none for a baseline
 */
public record Cell(String name, Map<String, String> labels) {
  public Cell {
    labels = new LinkedHashMap<>(labels);
  }

  /** A place of the grid. */
  static Cell of(Map<String, String> labels) {
    return new Cell(String.join(" · ", labels.values()), labels);
  }

  /** Whether it is beside the grid. */
  boolean isBaseline() {
    return labels.isEmpty();
  }

  /** The labels with some of them replaced. */
  Map<String, String> labelsWith(Map<String, String> others) {
    Map<String, String> changed = new LinkedHashMap<>(labels);
    changed.putAll(others);
    return changed;
  }
}
