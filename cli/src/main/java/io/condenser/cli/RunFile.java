package io.condenser.cli;

import io.condenser.evaluation.Evaluation;
import io.condenser.evaluation.Measure;
import io.condenser.evaluation.Qrels;
import io.condenser.evaluation.Run;
import io.condenser.storage.InputException;
import java.nio.file.Path;
import java.util.List;

/** Evaluates a run file and remarks on what its measures do not show. */
final class RunFile {
  private RunFile() {}

  /**
   * Evaluates a run file.
   *
   * @param qrelsFile where the judgments were read, for messages
   * @throws InputException if the run cannot be read, or none of its queries is judged
   */
  static Evaluation evaluate(
      Qrels qrels, Path qrelsFile, Path runFile, List<Measure> measures, Console console) {
    Run run = Run.read(runFile);
    Evaluation evaluation;
    try {
      evaluation = Evaluation.of(qrels, run, measures);
    } catch (InputException e) {
      throw new InputException("%s with %s: %s".formatted(runFile, qrelsFile, e.getMessage()), e);
    }
    remark(evaluation, run, runFile, console);
    return evaluation;
  }

  private static void remark(Evaluation evaluation, Run run, Path file, Console console) {
    int judged = evaluation.queries().size();
    if (evaluation.missed() > 0) {
      console.say(
          "%s: misses %d of %d judged queries; they count 0"
              .formatted(file, evaluation.missed(), judged));
    }
    if (evaluation.withoutRelevant() > 0) {
      console.say(
          "%s: %d of %d judged queries have no relevant passage; they count 0"
              .formatted(file, evaluation.withoutRelevant(), judged));
    }
    if (!evaluation.unjudged().isEmpty()) {
      console.say(
          "%s: %d of %d queries are not judged and left out, for example '%s'"
              .formatted(
                  file,
                  evaluation.unjudged().size(),
                  run.queries().size(),
                  evaluation.unjudged().getFirst()));
    }
    for (Measure measure : evaluation.measures()) {
      if (measure.cutoff() != Measure.WHOLE && measure.cutoff() > run.depth()) {
        console.say(
            "%s: no ranking is longer than %d; %s would need %d"
                .formatted(file, run.depth(), measure, measure.cutoff()));
      }
    }
  }
}
