package io.condenser.cli.ablation;

import io.condenser.evaluation.Measure;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An ablation that was read and found sound: every stage of every trial is made, nothing has run.
 *
 * @param file where it was read
 * @param text the file's content
 * @param name for people
 * @param description for people
 * @param work the folder for all outputs
 * @param axes the grid: labels in order, by axis
 * @param trials in the order in which they run
 * @param keep what stays of finished trials
 * @param measures what is measured; the first is the one that counts
 * @param tables that were asked for
 * @param curves that were asked for
 */
public record Ablation(
    Path file,
    String text,
    String name,
    String description,
    Path work,
    Map<String, List<String>> axes,
    List<Trial> trials,
    Keep keep,
    List<Measure> measures,
    List<TableSpec> tables,
    List<CurveSpec> curves) {
  public Ablation {
    axes = new LinkedHashMap<>(axes);
    trials = List.copyOf(trials);
    measures = List.copyOf(measures);
    tables = List.copyOf(tables);
    curves = List.copyOf(curves);
  }

  /** What stays of finished trials. */
  public enum Keep {
    /** Rankings and metrics of training; models and indexes go as soon as no trial needs them. */
    RESULTS,
    /** Everything. */
    ALL
  }

  /** The cells, each once, in the order of the trials. */
  List<Cell> cells() {
    return trials.stream().map(Trial::cell).distinct().toList();
  }
}
