package io.condenser.cli.bench;

import io.condenser.benchmarks.SearchBench;
import io.condenser.cli.Console;
import io.condenser.cli.Setting;
import io.condenser.cli.StageType;
import java.io.IOException;
import java.util.List;

/** {@code bench search}. */
public record BenchSearchStage(
    @Setting(value = "Vectors in the store", byDefault = "100000") int passages,
    @Setting(value = "Their dimension", byDefault = "384") int dimension,
    @Setting(value = "Queries searched at once, each number a measurement", byDefault = "1,64")
        List<Integer> queries,
    @Setting(value = "Passages wanted for each", byDefault = "100") int k,
    @Setting(value = "Repetitions that are timed, after two that are not", byDefault = "7")
        int times,
    @Setting(value = "Print JSON instead of a table", byDefault = "false") boolean json)
    implements BenchStage {
  static final StageType TYPE =
      StageType.of(
          "bench search",
          BenchSearchStage.class,
          "Times exact search among random vectors.",
          "bench search --passages 1000000 --queries 1,64");

  @Override
  public void run(Console console) throws IOException {
    Benches.run(
        queries.stream()
            .<Benches.Bench>map(
                together -> () -> new SearchBench(passages, dimension, together, k, times).run())
            .toList(),
        json,
        console);
  }
}
