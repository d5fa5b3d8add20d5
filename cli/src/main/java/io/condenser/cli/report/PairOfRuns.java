package io.condenser.cli.report;

import io.condenser.evaluation.Comparison;
import io.condenser.evaluation.Evaluation;
import io.condenser.evaluation.Measure;
import io.condenser.evaluation.Qrels;
import io.condenser.evaluation.Run;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run against another, query by query.
 *
 * @param baseline its name
 * @param baselineRun its ranking
 * @param system its name, another
 * @param systemRun its ranking
 */
public record PairOfRuns(String baseline, Run baselineRun, String system, Run systemRun) {

  /**
   * Which queries gained and which lost, with what the most telling ones say.
   *
   * @param queries their texts, or null
   * @param corpus the passages' texts, or null
   */
  public String html(Qrels qrels, Measure measure, @Nullable Path queries, @Nullable Path corpus) {
    Map<String, Run> runs = new LinkedHashMap<>();
    runs.put(baseline, baselineRun);
    runs.put(system, systemRun);
    Map<String, Evaluation> evaluations = new LinkedHashMap<>();
    runs.forEach((name, run) -> evaluations.put(name, Evaluation.of(qrels, run, List.of(measure))));
    Results results = Results.of(evaluations, List.of(baseline), Comparison.Tests.USUAL);
    Gains gains =
        Gains.of(results, results.system(system), baseline, new Gains.Sources(qrels, runs));
    return new GainsSection(Gains.texts(List.of(gains), queries, corpus)).html(gains, false);
  }
}
