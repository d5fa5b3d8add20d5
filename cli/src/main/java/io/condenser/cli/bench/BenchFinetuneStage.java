package io.condenser.cli.bench;

import io.condenser.benchmarks.FinetuneBench;
import io.condenser.cli.Console;
import io.condenser.cli.Setting;
import io.condenser.cli.StageType;
import io.condenser.model.Precision;
import java.io.IOException;
import java.util.List;

/** {@code bench finetune}. */
public record BenchFinetuneStage(
    @Setting(
            value = "Layers and hidden size of each encoder to measure",
            byDefault = "4x256,6x384,12x768")
        List<String> shapes,
    @Setting(value = "Of the matrix products", byDefault = "fp32,auto") List<Precision> precisions,
    @Setting(value = "Queries in a step", byDefault = "32") int queries,
    @Setting(value = "Hard negatives of each", byDefault = "1") int negatives,
    @Setting(
            value =
                "Tokens whose graphs may be held at once; 0 takes what fits into half of the free memory",
            byDefault = "0")
        int chunkTokens,
    @Setting(value = "Steps that are timed, after three that are not", byDefault = "8") int steps,
    @Setting(value = "Print JSON instead of a table", byDefault = "false") boolean json)
    implements BenchStage {
  static final StageType TYPE =
      StageType.of(
          "bench finetune",
          BenchFinetuneStage.class,
          "Times steps of a bi-encoder's fine-tuning on texts of real lengths.",
          "bench finetune --shapes 6x384 --precisions bf16");

  @Override
  public void run(Console console) throws IOException {
    Benches.run(
        shapes,
        precisions,
        (shape, precision) ->
            new FinetuneBench(shape, precision, queries, negatives, chunkTokens, steps).run(),
        json,
        console);
  }
}
