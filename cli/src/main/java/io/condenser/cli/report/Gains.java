package io.condenser.cli.report;

import io.condenser.cli.Texts;
import io.condenser.cli.report.Results.Measured;
import io.condenser.evaluation.Qrels;
import io.condenser.evaluation.Run;
import io.condenser.evaluation.ScoredPassage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Query by query: where a system gained on a baseline by the first measure, and where it lost.
 *
 * @param differences sorted, the largest loss first
 * @param gained the examples of the largest gains
 * @param lost the examples of the largest losses
 */
record Gains(
    String baseline,
    String system,
    double[] differences,
    List<Example> gained,
    List<Example> lost) {
  /** How many examples of each kind. */
  static final int EXAMPLES = 10;

  /**
   * The largest differences first; of equal ones those where one went furthest wrong, then in an
   * order that has nothing to do with the ids, lest all examples come from one corner.
   */
  private static final Comparator<Example> MOST_TELLING =
      Comparator.<Example>comparingDouble(e -> -Math.abs(e.difference()))
          .thenComparingInt(e -> -e.poorerRank())
          .thenComparingInt(e -> e.query().hashCode())
          .thenComparing(Example::query);

  /**
   * A query, and where the two found what was wanted.
   *
   * @param wanted the relevant passage that stands highest in either ranking
   * @param baselineRank of the first relevant passage; 0 if none was found
   * @param systemRank likewise
   * @param instead what the one that did worse put first; null if it found nothing
   */
  record Example(
      String query,
      String wanted,
      double difference,
      int baselineRank,
      int systemRank,
      @Nullable String instead) {
    /** Where the one that did worse found it; beyond all ranks if it did not. */
    int poorerRank() {
      int rank = difference > 0 ? baselineRank : systemRank;
      return rank == 0 ? Integer.MAX_VALUE : rank;
    }
  }

  static Gains of(Results results, Measured system, String baseline, Sources sources) {
    double[] differences = results.differences(system, baseline);
    List<String> queries = system.evaluation().queries();
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < differences.length; i++) {
      if (differences[i] != 0) {
        examples.add(sources.example(queries.get(i), differences[i], baseline, system.name()));
      }
    }
    examples.sort(MOST_TELLING);
    return new Gains(
        baseline,
        system.name(),
        Arrays.stream(differences).sorted().toArray(),
        examples.stream().filter(e -> e.difference() > 0).limit(EXAMPLES).toList(),
        examples.stream().filter(e -> e.difference() < 0).limit(EXAMPLES).toList());
  }

  /** What the examples of gains and losses say. */
  static Texts texts(List<Gains> gains, @Nullable Path queries, @Nullable Path corpus) {
    Set<String> wantedQueries = new HashSet<>();
    Set<String> wantedPassages = new HashSet<>();
    for (Gains one : gains) {
      for (Example example : Stream.concat(one.gained().stream(), one.lost().stream()).toList()) {
        wantedQueries.add(example.query());
        wantedPassages.add(example.wanted());
        if (example.instead() != null) {
          wantedPassages.add(example.instead());
        }
      }
    }
    return Texts.read(queries, wantedQueries, corpus, wantedPassages);
  }

  long better() {
    return Arrays.stream(differences).filter(d -> d > 0).count();
  }

  long worse() {
    return Arrays.stream(differences).filter(d -> d < 0).count();
  }

  /** The judgments and the rankings that examples are made of. */
  record Sources(Qrels qrels, Map<String, Run> runs) {
    Example example(String query, double difference, String baseline, String system) {
      String richer = difference > 0 ? system : baseline;
      List<ScoredPassage> poorer = ranking(query, difference > 0 ? baseline : system);
      // Whoever did better has found something.
      String wanted = ranking(query, richer).get(rank(query, richer) - 1).id();
      String instead = poorer.isEmpty() ? null : poorer.getFirst().id();
      return new Example(
          query, wanted, difference, rank(query, baseline), rank(query, system), instead);
    }

    private List<ScoredPassage> ranking(String query, String run) {
      return Objects.requireNonNull(runs.get(run)).ranking(query);
    }

    private int rank(String query, String run) {
      List<ScoredPassage> ranking = ranking(query, run);
      for (int i = 0; i < ranking.size(); i++) {
        if (qrels.isRelevant(query, ranking.get(i).id())) {
          return i + 1;
        }
      }
      return 0;
    }
  }
}
