package io.condenser.cli.bench;

import io.condenser.benchmarks.PrecisionBench;
import io.condenser.cli.Console;
import io.condenser.cli.Setting;
import io.condenser.cli.StageType;
import io.condenser.model.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** {@code bench precision}. */
public record BenchPrecisionStage(
    @Setting("Model folder") Path model,
    @Setting("Corpus to encode") Path corpus,
    @Setting("Queries to search for") Path queries,
    @Setting("Their judgments") Path qrels,
    @Setting(value = "Of the matrix products", byDefault = "fp32,auto,int8")
        List<Precision> precisions,
    @Setting(value = "Repetitions that are timed", byDefault = "1") int times,
    @Setting(value = "Print JSON instead of a table", byDefault = "false") boolean json)
    implements BenchStage {
  static final StageType TYPE =
      StageType.of(
          "bench precision",
          BenchPrecisionStage.class,
          "Times the encoding of a corpus in each precision, and measures what it loses in nDCG@10.",
          "bench precision --model DIR --corpus corpus.jsonl --queries queries.jsonl"
              + " --qrels qrels/dev.tsv");

  @Override
  public void run(Console console) throws IOException {
    Benches.run(
        Benches.here(precisions).stream()
            .<Benches.Bench>map(precision ->
                () -> new PrecisionBench(model, precision, corpus, queries, qrels, times).run())
            .toList(),
        json,
        console);
  }
}
