package io.condenser.cli.report;

import io.condenser.cli.Console;
import io.condenser.cli.Setting;
import io.condenser.cli.Stage;
import io.condenser.cli.StageType;
import io.condenser.cli.report.MetricsFile.Point;
import io.condenser.cli.report.Results.Measured;
import io.condenser.evaluation.Comparison;
import io.condenser.evaluation.Evaluation;
import io.condenser.evaluation.Measure;
import io.condenser.evaluation.Qrels;
import io.condenser.evaluation.Run;
import io.condenser.storage.InputException;
import io.condenser.storage.Replacement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Compares named runs: one table as the result, a page {@value #HTML} with the table, curves of
 * training and single queries, and {@value #RESULTS} with the same numbers.
 */
public record ReportStage(
    @Setting("Judgments: TREC qrels, MS MARCO qrels, or BEIR's TSV") Path qrels,
    @Setting("Runs as NAME=FILE, in the order of the table") List<String> runs,
    @Setting("Folder for report.html and results.json") Path out,
    @Setting(
            value = "Names of the runs that the others are tested against",
            byDefault = Setting.ABSENT)
        List<String> baselines,
    @Setting(
            value =
                "Measures in ir-measures' names, blanks between; queries are looked at by the"
                    + " first",
            byDefault = "RR@10 R@10 R@100 nDCG@10")
        String measures,
    @Setting(value = "Queries, to show what they say", byDefault = Setting.ABSENT)
        @Nullable Path queries,
    @Setting(value = "Corpus, to show what passages say", byDefault = Setting.ABSENT)
        @Nullable Path corpus,
    @Setting(
            value = "Metrics of training runs as NAME=FILE (JSON lines with a step)",
            byDefault = Setting.ABSENT)
        List<String> metrics,
    @Setting(value = "A recipe's run.json, for settings and durations", byDefault = Setting.ABSENT)
        @Nullable Path record,
    @Setting(
            value = "Published figures to show below the table, each MEASURE=VALUE SOURCE",
            byDefault = Setting.ABSENT)
        List<String> expected,
    @Setting(value = "Title of the page", byDefault = "Retrieval report") String title,
    @Setting(value = "Confidence of intervals, between 0 and 1", byDefault = "0.95")
        double confidence,
    @Setting(value = "Random sign patterns of the randomisation test", byDefault = "10000")
        int samples,
    @Setting(value = "Seed of these patterns", byDefault = "0") long seed)
    implements Stage {
  static final String HTML = "report.html";
  static final String RESULTS = "results.json";

  /** How users know it. */
  public static final StageType TYPE =
      StageType.of(
          "report",
          ReportStage.class,
          "Compares runs in one table and a self-contained page with curves and examples.",
          "report --qrels qrels/test.tsv --runs BM25=bm25.run,coCondenser=round2.run"
              + " --baselines BM25 --out report");

  private static final int MOST_BASELINES = 26; // a letter each

  public ReportStage {
    List<Measure> known = Measure.parseAll(measures); // refuses before any file is read
    expected = List.copyOf(expected);
    for (Published one : published(expected)) {
      if (!known.contains(one.measure())) {
        throw new InputException(
            "expected: %s is none of the measures '%s'; add it there"
                .formatted(one.measure(), measures));
      }
    }
    Comparison.Tests tests = new Comparison.Tests(confidence, samples, seed);
    runs = List.copyOf(runs);
    baselines = List.copyOf(baselines);
    metrics = List.copyOf(metrics);
    named("metrics", metrics);
    Set<String> names = named("runs", runs).keySet();
    if (names.isEmpty()) {
      throw new InputException("runs is empty; expected NAME=FILE, at least one");
    }
    if (!names.containsAll(baselines)
        || new HashSet<>(baselines).size() < baselines.size()
        || baselines.size() > MOST_BASELINES) {
      throw new InputException(
          "baselines is %s; expected names of runs, each once, of %s".formatted(baselines, names));
    }
    Objects.requireNonNull(tests);
  }

  private static List<Published> published(List<String> expected) {
    return expected.stream().map(Published::parse).toList();
  }

  /** Reads NAME=FILE, each name once. */
  private static Map<String, Path> named(String setting, List<String> pairs) {
    Map<String, Path> named = new LinkedHashMap<>();
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      if (equals < 1 || equals == pair.length() - 1) {
        throw new InputException(
            "%s: '%s'; expected NAME=FILE, like BM25=bm25.run".formatted(setting, pair));
      }
      String name = pair.substring(0, equals).strip();
      if (named.put(name, Path.of(pair.substring(equals + 1).strip())) != null) {
        throw new InputException("%s: two are named '%s'".formatted(setting, name));
      }
    }
    return named;
  }

  @Override
  public List<Path> inputs() {
    List<Path> inputs = new ArrayList<>(List.of(qrels));
    inputs.addAll(named("runs", runs).values());
    inputs.addAll(named("metrics", metrics).values());
    Stream.of(queries, corpus, record).filter(Objects::nonNull).forEach(inputs::add);
    return inputs;
  }

  @Override
  public List<Path> outputs() {
    return List.of(out.resolve(HTML), out.resolve(RESULTS));
  }

  @Override
  public void run(Console console) {
    Map<String, Map<String, List<Point>>> curves = new LinkedHashMap<>();
    named("metrics", metrics).forEach((name, file) -> curves.put(name, MetricsFile.read(file)));
    RunFacts facts = RunFacts.read(record);
    Qrels judgments = Qrels.read(qrels);
    Map<String, Run> rankings = new LinkedHashMap<>();
    Map<String, Evaluation> evaluations = new LinkedHashMap<>();
    named("runs", runs)
        .forEach((name, file) -> {
          Run run = Run.read(file);
          rankings.put(name, run);
          evaluations.put(name, evaluate(judgments, run, file));
        });
    Comparison.Tests tests = new Comparison.Tests(confidence, samples, seed);
    Results results = Results.of(evaluations, baselines, tests);
    List<Gains> gains = gains(results, new Gains.Sources(judgments, rankings));
    List<String> published = Published.lines(published(expected), results);
    write(
        new HtmlReport(
            title, results, published, curves, gains, Gains.texts(gains, queries, corpus), facts));
    String below = published.isEmpty() ? "" : "\n\nPublished:\n  " + String.join("\n  ", published);
    console.result(ResultsText.table(results) + below);
    console.say("wrote " + out.resolve(HTML) + " and " + out.resolve(RESULTS));
  }

  private Evaluation evaluate(Qrels judgments, Run run, Path file) {
    try {
      return Evaluation.of(judgments, run, Measure.parseAll(measures));
    } catch (InputException e) {
      throw new InputException("%s with %s: %s".formatted(file, qrels, e.getMessage()), e);
    }
  }

  /** The best system against each baseline. */
  private static List<Gains> gains(Results results, Gains.Sources sources) {
    Measured best = results.best().orElse(null);
    return best == null
        ? List.of()
        : results.baselines().stream()
            .map(baseline -> Gains.of(results, best, baseline, sources))
            .toList();
  }

  private void write(HtmlReport report) {
    ObjectNode json = ResultsText.json(report.results());
    json.put("title", title);
    ArrayNode figures = json.putArray("expected");
    published(expected)
        .forEach(one ->
            figures
                .addObject()
                .put("measure", one.measure().toString())
                .put("value", one.value())
                .put("source", one.source()));
    json.set("made", report.facts().json());
    String text = JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(json);
    Replacement.file(out.resolve(RESULTS), aside -> Files.writeString(aside, text + "\n"));
    Replacement.file(out.resolve(HTML), aside -> Files.writeString(aside, report.html()));
  }
}
