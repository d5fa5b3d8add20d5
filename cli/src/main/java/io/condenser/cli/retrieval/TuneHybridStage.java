package io.condenser.cli.retrieval;

import io.condenser.cli.Console;
import io.condenser.cli.Setting;
import io.condenser.cli.Stage;
import io.condenser.cli.StageType;
import io.condenser.evaluation.Decimals;
import io.condenser.evaluation.Measure;
import io.condenser.evaluation.Qrels;
import io.condenser.evaluation.Run;
import io.condenser.evaluation.TextTable;
import io.condenser.retrieval.Hybrid;
import io.condenser.retrieval.HybridTuning;
import io.condenser.retrieval.HybridTuning.Tuned;
import io.condenser.storage.InputException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Two runs of the same queries to the weight with which they are best fused, and the fused run. */
public record TuneHybridStage(
    @Setting("Judgments, by which the weight is chosen; of queries that no model was trained on")
        Path qrels,
    @Setting("BM25's run of these queries") Path bm25,
    @Setting("The model's run of them") Path dense,
    @Setting("TREC run to write: fused, each judged query with the weight that others chose")
        Path out,
    @Setting(value = "What the weight is to make high", byDefault = "RR@10") String measure,
    @Setting(value = "What a place in a ranking is worth to the hybrid", byDefault = "min-max")
        Hybrid.Method fusion,
    @Setting(value = "Passages for each query, at least 1", byDefault = "100") int k)
    implements Stage {

  /** How users know it. */
  public static final StageType TYPE =
      StageType.of(
          "tune-hybrid",
          TuneHybridStage.class,
          "Chooses the model's part in the hybrid, and fuses two runs by it.",
          """
          tune-hybrid --qrels data/qrels/dev.tsv --bm25 work/bm25.run --dense work/dev.run \\
              --out work/hybrid.run\
          """);

  public TuneHybridStage {
    Measure.parse(measure); // refuses what is no measure before any file is read
    if (k < 1) {
      throw new InputException("k is " + k + "; expected at least 1");
    }
  }

  @Override
  public List<Path> inputs() {
    return List.of(qrels, bm25, dense);
  }

  @Override
  public List<Path> outputs() {
    return List.of(out);
  }

  @Override
  public void run(Console console) {
    Qrels judged = Qrels.read(qrels);
    if (judged.queries().size() < 2) {
      throw InputException.in(
          qrels, "judges one query; expected two or more: others choose the weight of each");
    }
    Run lexical = read(bm25, judged);
    Run semantic = read(dense, judged);
    Tuned tuned =
        new HybridTuning(fusion, Measure.parse(measure), k).tune(lexical, semantic, judged);
    tuned.run().writeTrec(out, "hybrid");
    console.say(
        "%s: the judged queries, a fifth at a time, with the weights that the others chose: %s"
            .formatted(
                out,
                tuned.foldWeights().stream()
                    .map(TuneHybridStage::weight)
                    .collect(Collectors.joining(", "))));
    console.result(table(tuned));
  }

  private Run read(Path file, Qrels judged) {
    Run run = Run.read(file);
    if (judged.queries().stream().allMatch(query -> run.ranking(query).isEmpty())) {
      throw InputException.in(
          file, "ranks no query that %s judges; are both of the same queries?".formatted(qrels));
    }
    return run;
  }

  /** Quarters, and what was chosen. */
  private String table(Tuned tuned) {
    TextTable table = new TextTable(List.of("dense-weight", measure, ""));
    tuned
        .means()
        .forEach((weight, mean) -> {
          boolean chosen = weight == tuned.chosen();
          if (chosen || weight * 4 == Math.rint(weight * 4)) {
            table.row(List.of(weight(weight), Decimals.four(mean), chosen ? "chosen" : ""));
          }
        });
    return table.toString();
  }

  private static String weight(double weight) {
    return String.format(Locale.ROOT, "%.2f", weight);
  }
}
