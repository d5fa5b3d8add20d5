package io.condenser.cli;

import io.condenser.evaluation.Evaluation;
import io.condenser.evaluation.EvaluationReport;
import io.condenser.evaluation.Measure;
import io.condenser.evaluation.Qrels;
import java.nio.file.Path;
import java.util.List;

/** {@code evaluate}: prints the measures of a run. */
public record EvaluateStage(
    @Setting("Judgments: TREC, MS MARCO or BEIR qrels, or those that judge-answers wrote")
        Path qrels,
    @Setting("Rankings: a TREC or MS MARCO run") Path run,
    @Setting(
            value = "Measures in ir-measures' names, blanks between",
            byDefault = "RR@10 R@10 R@100 nDCG@10")
        String measures,
    @Setting(
            value = "How to print: a table, a JSON object of means, or as trec_eval does",
            byDefault = "table")
        Format format,
    @Setting(value = "Print each query, too", byDefault = "false") boolean perQuery)
    implements Stage {

  /** How to print. */
  public enum Format {
    TABLE,
    JSON,
    TREC
  }

  public static final StageType TYPE =
      StageType.of(
          "evaluate",
          EvaluateStage.class,
          "Measures a run against judgments, over all judged queries.",
          "evaluate --qrels qrels/dev.tsv --run dev.run --measures \"RR@10 nDCG@10\" --format json");

  public EvaluateStage {
    Measure.parseAll(measures); // refuses what is no measure before any file is read
  }

  @Override
  public List<Path> inputs() {
    return List.of(qrels, run);
  }

  @Override
  public List<Path> outputs() {
    return List.of();
  }

  @Override
  public void run(Console console) {
    Evaluation evaluation =
        RunFile.evaluate(Qrels.read(qrels), qrels, run, Measure.parseAll(measures), console);
    console.result(
        switch (format) {
          case TABLE -> EvaluationReport.table(evaluation, perQuery);
          case JSON -> EvaluationReport.json(evaluation, perQuery);
          case TREC -> EvaluationReport.trecEval(evaluation, perQuery);
        });
  }
}
