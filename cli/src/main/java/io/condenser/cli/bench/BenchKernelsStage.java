package io.condenser.cli.bench;

import io.condenser.benchmarks.KernelBench;
import io.condenser.cli.Console;
import io.condenser.cli.Setting;
import io.condenser.cli.StageType;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** {@code bench kernels}. */
public record BenchKernelsStage(
    @Setting(
            value = "Model folder whose tokenizer is timed; made-up words without it",
            byDefault = Setting.ABSENT)
        @Nullable Path model,
    @Setting(value = "Corpus that it tokenises", byDefault = Setting.ABSENT) @Nullable Path corpus,
    @Setting(
            value = "Measurements of a second each, after two that are not counted",
            byDefault = "5")
        int times,
    @Setting(value = "Print JSON instead of a table", byDefault = "false") boolean json)
    implements BenchStage {
  static final StageType TYPE =
      StageType.of(
          "bench kernels",
          BenchKernelsStage.class,
          "Times the parts without a model: tokenising, masks, batches, top-k, search (JMH).",
          "bench kernels --model bert-base --corpus corpus.jsonl");

  @Override
  public void run(Console console) throws IOException {
    Benches.run(
        KernelBench.all(path(model), path(corpus), times).stream()
            .<Benches.Bench>map(kernel -> kernel::run)
            .toList(),
        json,
        console);
  }

  private static String path(@Nullable Path path) {
    return path == null ? "" : path.toAbsolutePath().toString();
  }
}
