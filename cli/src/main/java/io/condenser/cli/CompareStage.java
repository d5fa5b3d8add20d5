package io.condenser.cli;

import io.condenser.evaluation.Comparison;
import io.condenser.evaluation.ComparisonReport;
import io.condenser.evaluation.Evaluation;
import io.condenser.evaluation.Measure;
import io.condenser.evaluation.Qrels;
import io.condenser.storage.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** {@code compare}: prints by how much runs differ from a baseline, and how surely. */
public record CompareStage(
    @Setting("Judgments: TREC qrels, MS MARCO qrels, or BEIR's TSV") Path qrels,
    @Setting("The run that the others are compared with: a TREC or MS MARCO run") Path baseline,
    @Setting("Runs to compare with it") List<Path> runs,
    @Setting(
            value = "Measures in ir-measures' names, blanks between",
            byDefault = "RR@10 R@10 R@100 nDCG@10")
        String measures,
    @Setting(value = "How to print: a table or JSON", byDefault = "table") Format format,
    @Setting(
            value = "Confidence of the interval of the difference, between 0 and 1",
            byDefault = "0.95")
        double confidence,
    @Setting(value = "Random sign patterns of the randomisation test", byDefault = "10000")
        int samples,
    @Setting(value = "Seed of these patterns", byDefault = "0") long seed)
    implements Stage {

  /** How to print. */
  public enum Format {
    TABLE,
    JSON
  }

  public static final StageType TYPE =
      StageType.of(
          "compare",
          CompareStage.class,
          "Compares runs with a baseline: differences, intervals, significance.",
          "compare --qrels qrels/dev.tsv --baseline bm25.run --runs round1.run,round2.run");

  public CompareStage {
    Measure.parseAll(measures); // refuses what is no measure before any file is read
    tests(confidence, samples, seed);
    runs = List.copyOf(runs);
    if (runs.isEmpty() || new HashSet<>(runs).size() < runs.size()) {
      throw new InputException("runs is %s; expected one or more, each once".formatted(runs));
    }
  }

  private static Comparison.Tests tests(double confidence, int samples, long seed) {
    return new Comparison.Tests(confidence, samples, seed);
  }

  @Override
  public List<Path> inputs() {
    List<Path> inputs = new ArrayList<>(List.of(qrels, baseline));
    inputs.addAll(runs);
    return inputs;
  }

  @Override
  public List<Path> outputs() {
    return List.of();
  }

  @Override
  public void run(Console console) {
    List<Measure> asked = Measure.parseAll(measures);
    Qrels judgments = Qrels.read(qrels);
    Evaluation against = RunFile.evaluate(judgments, qrels, baseline, asked, console);
    List<ComparisonReport.Compared> compared = new ArrayList<>();
    for (Path run : runs) {
      Evaluation evaluation = RunFile.evaluate(judgments, qrels, run, asked, console);
      compared.add(new ComparisonReport.Compared(run.toString(), compare(against, evaluation)));
    }
    ComparisonReport report = new ComparisonReport(baseline.toString(), compared, confidence);
    console.result(format == Format.JSON ? report.json() : report.table());
  }

  private List<Comparison> compare(Evaluation against, Evaluation evaluation) {
    Comparison.Tests tests = tests(confidence, samples, seed);
    return evaluation.measures().stream()
        .map(measure -> Comparison.of(against, evaluation, measure, tests))
        .toList();
  }
}
