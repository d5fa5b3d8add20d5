package io.condenser.cli.bench;

import io.condenser.benchmarks.PretrainBench;
import io.condenser.cli.Console;
import io.condenser.cli.Setting;
import io.condenser.cli.StageType;
import io.condenser.model.Precision;
import java.io.IOException;
import java.util.List;

/** {@code bench pretrain}. */
public record BenchPretrainStage(
    @Setting(
            value = "Layers and hidden size of each encoder to measure",
            byDefault = "4x256,6x384,12x768")
        List<String> shapes,
    @Setting(value = "Of the matrix products", byDefault = "fp32,auto") List<Precision> precisions,
    @Setting(value = "Documents in a step, two spans each", byDefault = "32") int documents,
    @Setting(
            value =
                "Tokens whose graphs may be held at once; 0 takes what fits into half of the free memory",
            byDefault = "0")
        int chunkTokens,
    @Setting(value = "Steps before those that are timed", byDefault = "3") int warmSteps,
    @Setting(value = "Steps that are timed", byDefault = "8") int steps,
    @Setting(value = "Print JSON instead of a table", byDefault = "false") boolean json)
    implements BenchStage {
  static final StageType TYPE =
      StageType.of(
          "bench pretrain",
          BenchPretrainStage.class,
          "Times steps of coCondenser on spans of real lengths.",
          "bench pretrain --shapes 6x384 --precisions bf16");

  @Override
  public void run(Console console) throws IOException {
    Benches.run(
        shapes,
        precisions,
        (shape, precision) ->
            new PretrainBench(shape, precision, documents, chunkTokens, warmSteps, steps).run(),
        json,
        console);
  }
}
