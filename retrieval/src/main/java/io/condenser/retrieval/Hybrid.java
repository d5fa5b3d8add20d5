package io.condenser.retrieval;

import io.condenser.evaluation.RankingOrder;
import io.condenser.evaluation.Run;
import io.condenser.evaluation.ScoredPassage;
import io.condenser.storage.InputException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Fuses a BM25 ranking and a dense one into one. A passage's score is {@code denseWeight ×} what it
 * gets for its place in the dense ranking plus {@code (1 − denseWeight) ×} what it gets in BM25's;
 * a ranking that lacks it gives it nothing. A query that only one side ranks keeps that ranking.
 *
 * @param method what a place in a ranking is worth
 * @param denseWeight 0 (BM25 alone) to 1 (dense alone)
 */
public record Hybrid(Method method, double denseWeight) {

  /** What a place in a ranking is worth. */
  public enum Method {
    /**
     * 1 / (60 + rank), rank 1 being the best (Cormack, Clarke &amp; Büttcher 2009). Needs no
     * comparable scores, and forgets how far apart they are.
     */
    RECIPROCAL_RANK,
    /**
     * The score, scaled so that the query's best is 1 and its last 0: with weights a convex
     * combination, which Bruch, Gai &amp; Ingber 2023 (arXiv 2210.11934) found to do better than
     * reciprocal ranks in and out of domain.
     */
    MIN_MAX
  }

  /** Equal parts of scaled scores. */
  public static final Hybrid STANDARD = new Hybrid(Method.MIN_MAX, 0.5);

  /**
   * Both sides are searched at least so deep, however few passages are asked for: what a score is
   * worth depends on the last of its ranking, and a weight is tuned on runs of this depth.
   */
  static final int LEAST_DEPTH = 100;

  private static final double RANK_CONSTANT = 60;

  public Hybrid {
    if (!(denseWeight >= 0 && denseWeight <= 1)) {
      throw new InputException("dense weight is %s; expected 0 to 1".formatted(denseWeight));
    }
  }

  /**
   * The fused rankings of all queries of either run.
   *
   * @param k at most so many passages a query, at least 1
   */
  public Run fuse(Run bm25, Run dense, int k) {
    return fuse(bm25, dense, k, query -> this);
  }

  /** As {@link #fuse(Run, Run, int)}, each query in its own way. */
  static Run fuse(Run bm25, Run dense, int k, Function<String, Hybrid> hybrid) {
    if (k < 1) {
      throw new IllegalArgumentException("k is " + k + "; expected at least 1");
    }
    Set<String> queries = new LinkedHashSet<>(dense.queries());
    queries.addAll(bm25.queries());
    Run.Builder fused = new Run.Builder();
    for (String query : queries) {
      hybrid
          .apply(query)
          .fuse(bm25.ranking(query), dense.ranking(query), k)
          .forEach(passage -> fused.add(query, passage.id(), passage.score()));
    }
    return fused.build();
  }

  /** The fused ranking of one query. */
  public List<ScoredPassage> fuse(List<ScoredPassage> bm25, List<ScoredPassage> dense, int k) {
    Map<String, Double> scores = new HashMap<>();
    addTo(scores, dense, denseWeight);
    addTo(scores, bm25, 1 - denseWeight);
    return scores.entrySet().stream()
        .map(entry -> new ScoredPassage(entry.getKey(), entry.getValue().floatValue()))
        .sorted(RankingOrder.INSTANCE)
        .limit(k)
        .toList();
  }

  private void addTo(Map<String, Double> scores, List<ScoredPassage> ranking, double weight) {
    if (ranking.isEmpty() || weight == 0) {
      return;
    }
    double best = ranking.getFirst().score();
    double range = best - ranking.getLast().score();
    for (int i = 0; i < ranking.size(); i++) {
      double worth =
          switch (method) {
            case RECIPROCAL_RANK -> 1 / (RANK_CONSTANT + i + 1);
            case MIN_MAX -> range == 0 ? 1 : 1 - (best - ranking.get(i).score()) / range;
          };
      scores.merge(ranking.get(i).id(), weight * worth, Double::sum);
    }
  }
}
