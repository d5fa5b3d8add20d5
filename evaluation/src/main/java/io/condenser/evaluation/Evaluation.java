package io.condenser.evaluation;

import io.condenser.storage.InputException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The measures of a run, per query and in the mean. The queries are <em>all judged queries</em>, as
 * under trec_eval's option {@code -c}: one that the run misses, and one that has no relevant
 * passage, counts 0 in every measure. Queries of the run that are not judged are left out.
 */
public final class Evaluation {
  private final List<Measure> measures;
  private final List<String> queries;
  private final Map<Measure, double[]> values; // each [Q], in the order of the queries
  private final List<Counts> counts; // [Q]
  private final List<String> unjudged;

  private Evaluation(
      List<Measure> measures,
      List<String> queries,
      Map<Measure, double[]> values,
      List<Counts> counts,
      List<String> unjudged) {
    this.measures = measures;
    this.queries = queries;
    this.values = values;
    this.counts = counts;
    this.unjudged = unjudged;
  }

  /**
   * How much there was to measure in one query, or in all.
   *
   * @param retrieved passages in the ranking
   * @param relevant passages judged relevant (grade 1 or more)
   * @param relevantRetrieved those of them that are in the ranking
   */
  public record Counts(long retrieved, long relevant, long relevantRetrieved) {
    Counts plus(Counts other) {
      return new Counts(
          retrieved + other.retrieved,
          relevant + other.relevant,
          relevantRetrieved + other.relevantRetrieved);
    }
  }

  /**
   * Measures a run.
   *
   * @throws InputException if no query of the run is judged
   */
  public static Evaluation of(Qrels qrels, Run run, List<Measure> measures) {
    List<String> queries = qrels.queries();
    if (queries.stream().allMatch(query -> run.ranking(query).isEmpty())) {
      throw nothingInCommon(qrels, run);
    }
    Map<Measure, double[]> values = new LinkedHashMap<>();
    measures.forEach(measure -> values.put(measure, new double[queries.size()]));
    Counts[] counts = new Counts[queries.size()];
    for (int i = 0; i < counts.length; i++) {
      String query = queries.get(i);
      GradedRanking ranking = GradedRanking.of(qrels.of(query), run.ranking(query));
      counts[i] = counts(ranking);
      for (Map.Entry<Measure, double[]> entry : values.entrySet()) {
        entry.getValue()[i] = entry.getKey().of(ranking);
      }
    }
    List<String> unjudged =
        run.queries().stream().filter(query -> qrels.of(query).isEmpty()).toList();
    return new Evaluation(List.copyOf(values.keySet()), queries, values, List.of(counts), unjudged);
  }

  private static Counts counts(GradedRanking ranking) {
    return new Counts(
        ranking.retrieved().length,
        ranking.relevant(1),
        ranking.found(1, ranking.retrieved().length));
  }

  private static InputException nothingInCommon(Qrels qrels, Run run) {
    return new InputException(
        "no query of the run is judged: its queries are like %s, the judged ones like %s; expected"
                .formatted(example(run.queries()), example(qrels.queries()))
            + " the same ids in both, is this the run of another query set?");
  }

  private static String example(List<String> queries) {
    return queries.isEmpty() ? "(none)" : "'" + queries.getFirst() + "'";
  }

  public List<Measure> measures() {
    return measures;
  }

  /** All judged queries, in the order of the qrels. */
  public List<String> queries() {
    return queries;
  }

  /** A measure of every query, in the order of {@link #queries}. */
  public double[] values(Measure measure) {
    return row(measure).clone();
  }

  /** A measure of the query at a place of {@link #queries}. */
  public double value(Measure measure, int query) {
    return row(measure)[query];
  }

  /** The mean of a measure over all judged queries. */
  public double mean(Measure measure) {
    return Arrays.stream(row(measure)).sum() / queries.size();
  }

  private double[] row(Measure measure) {
    double[] row = values.get(measure);
    if (row == null) {
      throw new IllegalArgumentException(measure + " was not measured, only " + measures);
    }
    return row;
  }

  /** What there was to measure in the query at a place of {@link #queries}. */
  public Counts counts(int query) {
    return counts.get(query);
  }

  /** What there was to measure in all judged queries together. */
  public Counts counts() {
    return counts.stream().reduce(new Counts(0, 0, 0), Counts::plus);
  }

  /** How many judged queries the run misses; they count 0. */
  public int missed() {
    return Math.toIntExact(counts.stream().filter(c -> c.retrieved() == 0).count());
  }

  /** How many queries have judgments, but none of a relevant passage; they count 0. */
  public int withoutRelevant() {
    return Math.toIntExact(counts.stream().filter(c -> c.relevant() == 0).count());
  }

  /** The queries of the run that are not judged; they are left out. */
  public List<String> unjudged() {
    return unjudged;
  }
}
