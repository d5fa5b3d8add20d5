package io.condenser.cli.bench;

import io.condenser.benchmarks.IndexBench;
import io.condenser.cli.Console;
import io.condenser.cli.Setting;
import io.condenser.cli.StageType;
import java.io.IOException;
import java.util.List;

/** {@code bench index}. */
public record BenchIndexStage(
    @Setting(value = "Passages to index", byDefault = "20000") int passages,
    @Setting(value = "Repetitions that are timed, after one that is not", byDefault = "3")
        int times,
    @Setting(value = "Print JSON instead of a table", byDefault = "false") boolean json)
    implements BenchStage {
  static final StageType TYPE =
      StageType.of(
          "bench index",
          BenchIndexStage.class,
          "Times BM25 indexing of passages of real lengths.",
          "bench index --passages 100000");

  @Override
  public void run(Console console) throws IOException {
    Benches.run(List.of(() -> new IndexBench(passages, times).run()), json, console);
  }
}
