package io.condenser.benchmarks;

import io.condenser.storage.InputException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * One of the {@link Kernels}, timed by JMH in a JVM of its own.
 *
 * @param kernel its method
 * @param what it does, for people
 * @param rows texts, scores or queries of one call
 * @param tokens of these texts; 0 if it has none
 * @param parameters of its state
 * @param times measurements of a second each, after two that are not counted
 */
public record KernelBench(
    String kernel, String what, int rows, long tokens, Map<String, String> parameters, int times) {
  private static final int WARM = 2;

  /**
   * All kernels.
   *
   * @param model folder of the tokenizer to be timed; empty for made-up words of one piece each
   * @param corpus whose texts it tokenises; empty for made-up ones
   * @throws InputException if only one of model and corpus is given
   */
  public static List<KernelBench> all(String model, String corpus, int times) {
    if (model.isEmpty() != corpus.isEmpty()) {
      throw new InputException("model and corpus go together: give both, or neither");
    }
    Kernels.Texts texts = Kernels.Texts.of(model, corpus);
    int spanTokens = Arrays.stream(Lengths.SPANS.of(Kernels.ROWS, Kernels.SPAN_LENGTH)).sum();
    return List.of(
        new KernelBench(
            "tokenize",
            "tokenise",
            texts.texts.size(),
            new Kernels().tokenize(texts),
            Map.of("model", model, "corpus", corpus),
            times),
        new KernelBench("mask", "mask spans", Kernels.ROWS, spanTokens, Map.of(), times),
        new KernelBench("batch", "build batches", Kernels.ROWS, spanTokens, Map.of(), times),
        new KernelBench("topK", "top 100 of a million", Kernels.SCORES, 0, Map.of(), times),
        new KernelBench("search", "search 64 of 100,000×384", Kernels.QUERIES, 0, Map.of(), times));
  }

  /** Runs it. */
  public Measured run() throws IOException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(Pattern.quote(Kernels.class.getName() + "." + kernel) + "$")
            .mode(Mode.AverageTime)
            .timeUnit(TimeUnit.SECONDS)
            .forks(1)
            .warmupIterations(WARM)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(times)
            .measurementTime(TimeValue.seconds(1))
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
    parameters.forEach(options::param);
    try {
      BenchmarkResult fork =
          new Runner(options.build()).runSingle().getBenchmarkResults().iterator().next();
      List<Double> seconds =
          fork.getIterationResults().stream()
              .map(iteration -> iteration.getPrimaryResult().getScore())
              .toList();
      return new Measured(what, rows, tokens, seconds, 0, 0, 0);
    } catch (RunnerException e) {
      throw new IOException("'%s' could not be timed: %s".formatted(kernel, e.getMessage()), e);
    }
  }
}
