package io.condenser.cli.report;

import io.condenser.evaluation.Comparison;
import io.condenser.evaluation.Evaluation;
import io.condenser.evaluation.Measure;
import io.condenser.evaluation.Significance;
import io.condenser.storage.InputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Systems measured over the same queries, each tested against every baseline.
 *
 * @param measures the first is the one by which systems are ordered and queries are looked at
 * @param systems in the order of the table
 * @param baselines names of systems
 * @param tests how differences were tested
 */
record Results(
    List<Measure> measures,
    List<Measured> systems,
    List<String> baselines,
    Comparison.Tests tests) {
  /** Corrected p values below this are called significant. */
  static final double ALPHA = 0.05;

  Results {
    measures = List.copyOf(measures);
    systems = List.copyOf(systems);
    baselines = List.copyOf(baselines);
  }

  /**
   * A system.
   *
   * @param differences its comparisons, by measure and baseline; none with itself
   */
  record Measured(String name, Evaluation evaluation, List<Difference> differences) {
    Measured {
      differences = List.copyOf(differences);
    }

    Optional<Difference> against(String baseline, Measure measure) {
      return differences.stream()
          .filter(d -> d.baseline().equals(baseline))
          .filter(d -> d.comparison().measure().equals(measure))
          .findFirst();
    }
  }

  /**
   * A system less a baseline.
   *
   * @param corrected the randomisation test's p value after Holm's correction over all pairs of a
   *     system and a baseline that are tested by this measure
   */
  record Difference(String baseline, Comparison comparison, double corrected) {
    boolean better() {
      return corrected < ALPHA && comparison.difference() > 0;
    }

    boolean worse() {
      return corrected < ALPHA && comparison.difference() < 0;
    }
  }

  /** A pair that is tested, before its p values are corrected. */
  private record Pair(String system, String baseline, Comparison comparison) {}

  /**
   * Compares evaluations.
   *
   * @param evaluations by the systems' names, in the order of the table, over the same queries
   * @throws InputException if a baseline is none of them
   */
  static Results of(
      Map<String, Evaluation> evaluations, List<String> baselines, Comparison.Tests tests) {
    for (String baseline : baselines) {
      if (!evaluations.containsKey(baseline)) {
        throw new InputException(
            "baseline '%s' is none of the runs %s".formatted(baseline, evaluations.keySet()));
      }
    }
    List<Measure> measures = evaluations.values().iterator().next().measures();
    Map<String, List<Difference>> differences = new HashMap<>();
    for (Measure measure : measures) {
      List<Pair> pairs = pairs(evaluations, baselines, measure, tests);
      double[] corrected =
          Significance.holm(
              pairs.stream().mapToDouble(p -> p.comparison().randomisation()).toArray());
      for (int i = 0; i < corrected.length; i++) {
        Pair pair = pairs.get(i);
        differences
            .computeIfAbsent(pair.system(), system -> new ArrayList<>())
            .add(new Difference(pair.baseline(), pair.comparison(), corrected[i]));
      }
    }
    List<Measured> systems = new ArrayList<>();
    evaluations.forEach((name, evaluation) ->
        systems.add(new Measured(name, evaluation, differences.getOrDefault(name, List.of()))));
    return new Results(measures, systems, baselines, tests);
  }

  private static List<Pair> pairs(
      Map<String, Evaluation> evaluations,
      List<String> baselines,
      Measure measure,
      Comparison.Tests tests) {
    List<Pair> pairs = new ArrayList<>();
    for (String baseline : baselines) {
      Evaluation against = Objects.requireNonNull(evaluations.get(baseline));
      evaluations.forEach((system, evaluation) -> {
        // Two baselines are tested once, the later of the table against the earlier.
        boolean before = baselines.contains(system) && !after(evaluations, system, baseline);
        if (!system.equals(baseline) && !before) {
          pairs.add(new Pair(system, baseline, Comparison.of(against, evaluation, measure, tests)));
        }
      });
    }
    return pairs;
  }

  private static boolean after(Map<String, ?> order, String later, String earlier) {
    List<String> names = List.copyOf(order.keySet());
    return names.indexOf(later) > names.indexOf(earlier);
  }

  /** The measure that counts. */
  Measure first() {
    return measures.getFirst();
  }

  int queries() {
    return systems.getFirst().evaluation().queries().size();
  }

  Measured system(String name) {
    return systems.stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }

  /** The system that is no baseline and has the highest mean of the first measure. */
  Optional<Measured> best() {
    return systems.stream()
        .filter(s -> !baselines.contains(s.name()))
        .max(Comparator.comparingDouble(s -> s.evaluation().mean(first())));
  }

  /** Whether no system has a higher mean, as far as four decimals show. */
  boolean isHighest(Measured system, Measure measure) {
    double highest =
        systems.stream().mapToDouble(s -> s.evaluation().mean(measure)).max().orElse(0);
    return highest - system.evaluation().mean(measure) < 0.00005;
  }

  /** The letter that stands for a baseline in marks: a, b, … */
  String letter(String baseline) {
    return Character.toString('a' + baselines.indexOf(baseline));
  }

  /** Letters of the baselines that a system beats significantly, e.g. {@code ab}. */
  String beaten(Measured system, Measure measure) {
    return letters(system, measure, true);
  }

  /** Letters of the baselines to which a system loses significantly. */
  String lostTo(Measured system, Measure measure) {
    return letters(system, measure, false);
  }

  private String letters(Measured system, Measure measure, boolean better) {
    return String.join(
        "",
        baselines.stream()
            .filter(b ->
                system.against(b, measure).filter(d -> better ? d.better() : d.worse()).isPresent())
            .map(this::letter)
            .toList());
  }

  /** Per query, system less baseline, in the order of the evaluations' queries. */
  double[] differences(Measured system, String baseline) {
    double[] values = system.evaluation().values(first());
    double[] subtracted = system(baseline).evaluation().values(first());
    Arrays.setAll(values, i -> values[i] - subtracted[i]);
    return values;
  }
}
