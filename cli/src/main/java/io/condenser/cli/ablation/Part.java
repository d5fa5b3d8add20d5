package io.condenser.cli.ablation;

import io.condenser.storage.InputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The trials of an ablation that are to run now: those of some labels, baselines and seeds.
 *
 * @param labels for each axis that is narrowed, the labels that are left; names of baselines under
 *     {@value #BASELINES}
 * @param seeds that are left; empty for all
 */
public record Part(Map<String, List<String>> labels, List<Long> seeds) {
  /** All trials. */
  public static final Part WHOLE = new Part(Map.of(), List.of());

  static final String BASELINES = "baselines";

  public Part {
    labels = new LinkedHashMap<>(labels);
    seeds = List.copyOf(seeds);
  }

  /**
   * Reads what was given on the command line.
   *
   * @param only {@code AXIS=LABEL} or {@code baselines=NAME} each; labels of one axis add up
   * @throws InputException if the ablation has no such axis, label or seed, or nothing is left
   */
  public static Part of(Ablation ablation, List<String> only, List<Long> seeds) {
    Map<String, List<String>> labels = new LinkedHashMap<>();
    Map<String, List<String>> axes = new LinkedHashMap<>(ablation.axes());
    axes.put(
        BASELINES, ablation.cells().stream().filter(Cell::isBaseline).map(Cell::name).toList());
    only.forEach(each -> addLabel(axes, each, labels));
    List<Long> known = ablation.trials().stream().map(Trial::seed).distinct().toList();
    for (Long seed : seeds) {
      if (!known.contains(seed)) {
        throw new InputException(
            "--seeds: the ablation has no seed %d; expected some of %s".formatted(seed, known));
      }
    }
    Part part = new Part(labels, seeds);
    if (ablation.trials().stream().noneMatch(t -> !t.cell().isBaseline() && part.holds(t))) {
      throw new InputException(
          "--only %s: no trial has these labels; the ablation leaves the combination out"
              .formatted(String.join(", ", only)));
    }
    return part;
  }

  private static void addLabel(
      Map<String, List<String>> axes, String given, Map<String, List<String>> labels) {
    int equals = given.indexOf('=');
    if (equals < 0) {
      throw new InputException("--only '%s': expected AXIS=LABEL".formatted(given));
    }
    String axis = given.substring(0, equals);
    String label = given.substring(equals + 1);
    Grid.unknown(axes, axis, label)
        .ifPresent(problem -> {
          throw new InputException("--only '%s': %s".formatted(given, problem));
        });
    labels.computeIfAbsent(axis, _ -> new ArrayList<>()).add(label);
  }

  boolean holds(Trial trial) {
    Cell cell = trial.cell();
    Map<String, String> place = cell.isBaseline() ? Map.of(BASELINES, cell.name()) : cell.labels();
    return (seeds.isEmpty() || seeds.contains(trial.seed()))
        && new Grid.Selection(labels).holds(place);
  }
}
