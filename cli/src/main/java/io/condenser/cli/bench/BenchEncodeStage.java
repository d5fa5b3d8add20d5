package io.condenser.cli.bench;

import io.condenser.benchmarks.EncodeBench;
import io.condenser.cli.Console;
import io.condenser.cli.Setting;
import io.condenser.cli.StageType;
import io.condenser.model.Precision;
import java.io.IOException;
import java.util.List;

/** {@code bench encode}. */
public record BenchEncodeStage(
    @Setting(
            value = "Layers and hidden size of each encoder to measure",
            byDefault = "4x256,6x384,12x768")
        List<String> shapes,
    @Setting(value = "Of the matrix products", byDefault = "fp32,auto") List<Precision> precisions,
    @Setting(value = "Passages in a repetition", byDefault = "512") int passages,
    @Setting(value = "Longest passage in tokens", byDefault = "256") int longest,
    @Setting(value = "Repetitions that are timed, after one that is not", byDefault = "3")
        int times,
    @Setting(value = "Print JSON instead of a table", byDefault = "false") boolean json)
    implements BenchStage {
  static final StageType TYPE =
      StageType.of(
          "bench encode",
          BenchEncodeStage.class,
          "Times the encoding of passages of real lengths.",
          "bench encode --shapes 6x384 --precisions fp32,bf16");

  @Override
  public void run(Console console) throws IOException {
    Benches.run(
        shapes,
        precisions,
        (shape, precision) -> new EncodeBench(shape, precision, passages, longest, times).run(),
        json,
        console);
  }
}
