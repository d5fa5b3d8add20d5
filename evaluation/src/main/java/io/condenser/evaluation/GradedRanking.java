package io.condenser.evaluation;

import java.util.List;
import java.util.Map;

/**
 * What a measure sees of one query: grades, no ids.
 *
 * @param retrieved [N] grade of the passage at each rank, best first; 0 where unjudged
 * @param judged grades of all judged passages, highest first
 */
record GradedRanking(int[] retrieved, int[] judged) {
  static GradedRanking of(Map<String, Integer> grades, List<ScoredPassage> ranking) {
    int[] retrieved =
        ranking.stream().mapToInt(passage -> grades.getOrDefault(passage.id(), 0)).toArray();
    int[] judged = grades.values().stream().mapToInt(grade -> -grade).sorted().toArray();
    for (int i = 0; i < judged.length; i++) {
      judged[i] = -judged[i];
    }
    return new GradedRanking(retrieved, judged);
  }

  /** How many passages were judged {@code grade} or better. */
  int relevant(int grade) {
    int n = 0;
    while (n < judged.length && judged[n] >= grade) {
      n++;
    }
    return n;
  }

  /** How many of the first {@code depth} passages were judged {@code grade} or better. */
  int found(int grade, int depth) {
    int n = 0;
    for (int i = 0; i < Math.min(depth, retrieved.length); i++) {
      if (retrieved[i] >= grade) {
        n++;
      }
    }
    return n;
  }
}
