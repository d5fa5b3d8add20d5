package io.condenser.cli.bench;

import io.condenser.benchmarks.Measured;
import io.condenser.benchmarks.Shape;
import io.condenser.cli.Console;
import io.condenser.cli.StageType;
import io.condenser.model.Machine;
import io.condenser.model.Precision;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Every kind of benchmark, and how they are run and printed. */
public final class Benches {
  /** In the order of the data. */
  public static final List<StageType> ALL =
      List.of(
          BenchPretrainStage.TYPE,
          BenchFinetuneStage.TYPE,
          BenchEncodeStage.TYPE,
          BenchPrecisionStage.TYPE,
          BenchSearchStage.TYPE,
          BenchIndexStage.TYPE,
          BenchKernelsStage.TYPE);

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double GIBIBYTE = 1 << 30;
  private static final double GIGA = 1e9;

  private Benches() {}

  /** A measurement to be taken. */
  @FunctionalInterface
  interface Bench {
    Measured run() throws IOException;
  }

  /** A measurement for each shape in each precision. */
  @FunctionalInterface
  interface Shaped {
    Measured run(Shape shape, Precision precision) throws IOException;
  }

  static void run(
      List<String> shapes, List<Precision> precisions, Shaped bench, boolean json, Console console)
      throws IOException {
    List<Bench> benches = new ArrayList<>();
    for (Shape shape : shapes.stream().map(Shape::parse).toList()) {
      for (Precision precision : here(precisions)) {
        benches.add(() -> bench.run(shape, precision));
      }
    }
    run(benches, json, console);
  }

  /** What they are on this machine, each once. */
  static List<Precision> here(List<Precision> precisions) {
    return precisions.stream().map(Precision::here).distinct().toList();
  }

  /** Takes all measurements, then prints them. */
  static void run(List<Bench> benches, boolean json, Console console) throws IOException {
    console.say(Machine.describe());
    List<Measured> all = new ArrayList<>();
    try (Console.Progress progress = console.progress("bench", benches.size(), "measurements")) {
      for (Bench bench : benches) {
        Measured measured = bench.run();
        all.add(measured);
        progress.note(measured.what());
        progress.at(all.size());
      }
    }
    console.result(json ? json(all) : table(all));
  }

  private static String table(List<Measured> all) {
    int width = all.stream().mapToInt(one -> one.what().length()).max().orElse(0);
    String layout = "%-" + width + "s  %10s  %10s  %10s  %8s  %11s  %7s";
    boolean searched = all.stream().anyMatch(one -> !Double.isNaN(one.ndcg()));
    List<String> lines = new ArrayList<>();
    lines.add(
        layout
            .formatted(
                "",
                "seconds",
                "rows/s",
                "tokens/s",
                "of peak",
                "peak memory",
                searched ? "nDCG@10" : "")
            .stripTrailing());
    for (Measured one : all) {
      lines.add(
          layout
              .formatted(
                  one.what(),
                  number("%.4f", one.median()),
                  number("%,.1f", one.rowsPerSecond()),
                  one.tokens() == 0 ? "" : number("%,.0f", one.tokensPerSecond()),
                  one.peak() == 0 ? "" : number("%.0f %%", 100 * one.shareOfPeak()),
                  one.memory() == 0 ? "" : number("%.2f GiB", one.memory() / GIBIBYTE),
                  searched ? number("%.4f", one.ndcg()) : "")
              .stripTrailing());
    }
    return String.join("\n", lines);
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  private static String json(List<Measured> all) {
    ArrayNode list = JSON.createArrayNode();
    for (Measured one : all) {
      ObjectNode node = list.addObject();
      node.put("what", one.what());
      node.put("rows", one.rows());
      node.put("tokens", one.tokens());
      ArrayNode seconds = node.putArray("seconds");
      one.seconds().forEach(seconds::add);
      node.put("median_seconds", one.median());
      node.put("rows_per_second", one.rowsPerSecond());
      if (one.tokens() > 0) {
        node.put("tokens_per_second", one.tokensPerSecond());
      }
      if (one.peak() > 0) {
        node.put("share_of_peak", one.shareOfPeak());
        node.put("peak_gflops", one.peak() / GIGA);
      }
      if (one.memory() > 0) {
        node.put("peak_memory_bytes", one.memory());
      }
      if (!Double.isNaN(one.ndcg())) {
        node.put("ndcg_10", one.ndcg());
      }
    }
    return list.toPrettyString();
  }
}
