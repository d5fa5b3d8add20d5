package io.condenser.retrieval;

import io.condenser.evaluation.Evaluation;
import io.condenser.evaluation.Measure;
import io.condenser.evaluation.Qrels;
import io.condenser.evaluation.Run;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Chooses the dense weight of a {@link Hybrid} by judged queries: of 0, 0.05, … 1 the one with the
 * highest mean of a measure, of equals the one nearest to one half and of two such the lower. One
 * number needs few queries (Bruch, Gai &amp; Ingber 2023, arXiv 2210.11934).
 *
 * @param method what a place in a ranking is worth
 * @param measure what the weight is to make high
 * @param depth fused passages of a query, at least 1
 */
public record HybridTuning(Hybrid.Method method, Measure measure, int depth) {
  private static final int STEPS = 20; // from 0 to 1
  private static final int FOLDS = 5;

  public HybridTuning {
    if (depth < 1) {
      throw new IllegalArgumentException("depth is " + depth + "; expected at least 1");
    }
  }

  /**
   * What came of it.
   *
   * @param means of the measure over all judged queries, by the dense weight, from 0 to 1
   * @param chosen the weight that all judged queries together choose
   * @param foldWeights the weights with which the folds of the judged queries were ranked
   * @param run every query of either run; a judged one is ranked with the weight that the other
   *     folds chose, so that the run may be measured by the same judgments, and one without
   *     judgments with {@code chosen}
   */
  public record Tuned(
      Map<Double, Double> means, double chosen, List<Double> foldWeights, Run run) {}

  /**
   * Tries all weights. The judged queries in their order are dealt out to five folds.
   *
   * @throws IllegalArgumentException with fewer than two judged queries, for then none is chosen by
   *     others
   */
  public Tuned tune(Run bm25, Run dense, Qrels qrels) {
    List<String> judged = qrels.queries();
    if (judged.size() < 2) {
      throw new IllegalArgumentException("%d judged queries".formatted(judged.size()));
    }
    double[][] values = // [STEPS + 1, judged queries]
        IntStream.rangeClosed(0, STEPS)
            .mapToObj(step -> hybrid(step).fuse(bm25, dense, depth))
            .map(run -> Evaluation.of(qrels, run, List.of(measure)).values(measure))
            .toArray(double[][]::new);
    Map<Double, Double> means = new LinkedHashMap<>();
    for (int step = 0; step <= STEPS; step++) {
      means.put(weight(step), sum(values[step], query -> true) / judged.size());
    }
    int chosen = best(values, query -> true);
    List<Integer> folds = new ArrayList<>();
    for (int fold = 0; fold < Math.min(FOLDS, judged.size()); fold++) {
      int own = fold;
      folds.add(best(values, query -> query % FOLDS != own));
    }
    Map<String, Integer> steps = new HashMap<>();
    for (int query = 0; query < judged.size(); query++) {
      steps.put(judged.get(query), folds.get(query % FOLDS));
    }
    return new Tuned(
        means,
        weight(chosen),
        folds.stream().map(HybridTuning::weight).toList(),
        Hybrid.fuse(bm25, dense, depth, query -> hybrid(steps.getOrDefault(query, chosen))));
  }

  private Hybrid hybrid(int step) {
    return new Hybrid(method, weight(step));
  }

  private static double weight(int step) {
    return (double) step / STEPS;
  }

  /** The step whose values of some queries have the highest sum. */
  private static int best(double[][] values, IntPredicate query) {
    int best = STEPS / 2;
    double highest = sum(values[best], query);
    for (int away = 1; away <= STEPS / 2; away++) {
      for (int step : new int[] {STEPS / 2 - away, STEPS / 2 + away}) {
        double sum = sum(values[step], query);
        if (sum > highest) {
          highest = sum;
          best = step;
        }
      }
    }
    return best;
  }

  private static double sum(double[] values, IntPredicate query) {
    return IntStream.range(0, values.length).filter(query).mapToDouble(i -> values[i]).sum();
  }
}
