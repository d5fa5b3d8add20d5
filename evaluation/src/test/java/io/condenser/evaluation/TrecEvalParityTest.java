package io.condenser.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.condenser.storage.Lines;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What trec_eval says of two runs: every measure of every query, to the fourth decimal. */
class TrecEvalParityTest {
  private static final Map<String, String> OURS =
      Map.of(
          "map", "AP",
          "Rprec", "Rprec",
          "recip_rank", "RR",
          "ndcg", "nDCG",
          "P", "P@",
          "recall", "R@",
          "success", "Success@",
          "ndcg_cut", "nDCG@",
          "recip_rank_cut", "RR@",
          "map_cut", "AP@");

  private static final Pattern CUT = Pattern.compile("(\\w+)_(\\d+)");

  /** Many tied scores, negative grades, queries that the run misses, queries without judgments. */
  @Test
  void agreesOnTies() throws URISyntaxException {
    Path folder = resource("/ties");
    assertAgreement(
        folder.resolve("qrels.txt"), folder.resolve("run.txt.gz"), folder.resolve("expected.tsv"));
  }

  /**
   * Scores that differ in double precision alone, ids beyond ASCII, queries without anything
   * relevant, and cut average precision. The numbers are what {@code trec_eval -c -q} 9.0.4 printed
   * of these files; it prints no line for a query that the run misses, we do.
   */
  @Test
  void agreesOnScoresThatTieInSinglePrecision() throws URISyntaxException {
    Path folder = resource("/single-precision");
    Map<String, String> theirs = read(folder.resolve("expected.tsv"));
    Map<String, String> ours =
        measured(folder.resolve("qrels.txt"), folder.resolve("run.txt"), measures(theirs));
    assertThat(ours).containsAllEntriesOf(theirs);
    ours.keySet().removeAll(theirs.keySet());
    assertThat(ours.keySet()).allMatch(key -> key.endsWith("\tq11") || key.endsWith("\tq17"));
  }

  private static Path resource(String name) throws URISyntaxException {
    URL url = Objects.requireNonNull(TrecEvalParityTest.class.getResource(name), name);
    return Path.of(url.toURI());
  }

  @Test
  void agreesOnTheRunThatComesWithTrecEval() {
    Path folder = Path.of(System.getProperty("condenser.shared", "../shared"), "evaluation/nist");
    assumeThat(folder).as("the fixture evaluation/nist is not here").isDirectory();
    assertAgreement(
        folder.resolve("qrels.txt"), folder.resolve("run.txt"), folder.resolve("expected.tsv"));
  }

  private static void assertAgreement(Path qrels, Path run, Path expected) {
    Map<String, String> theirs = read(expected);
    List<Measure> measures = measures(theirs);
    Map<String, String> ours = measured(qrels, run, measures);
    ours.remove("num_q\tall");
    assertThat(measures).hasSizeGreaterThan(20);
    assertThat(ours).isEqualTo(theirs);
  }

  private static List<Measure> measures(Map<String, String> theirs) {
    return theirs.keySet().stream()
        .map(key -> key.substring(0, key.indexOf('\t')))
        .filter(name -> !name.startsWith("num_"))
        .map(TrecEvalParityTest::ours)
        .distinct()
        .toList();
  }

  private static Map<String, String> measured(Path qrels, Path run, List<Measure> measures) {
    Evaluation evaluation = Evaluation.of(Qrels.read(qrels), Run.read(run), measures);
    return parse(EvaluationReport.trecEval(evaluation, true));
  }

  private static Measure ours(String trecEvalName) {
    Matcher cut = CUT.matcher(trecEvalName);
    return Measure.parse(
        cut.matches()
            ? Objects.requireNonNull(OURS.get(cut.group(1)), trecEvalName) + cut.group(2)
            : Objects.requireNonNull(OURS.get(trecEvalName), trecEvalName));
  }

  /** Measure, tab and query to value. */
  private static Map<String, String> read(Path expected) {
    Map<String, String> values = new LinkedHashMap<>();
    try (Lines lines = Lines.open(expected)) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        put(values, line);
      }
    }
    return values;
  }

  private static Map<String, String> parse(String report) {
    Map<String, String> values = new LinkedHashMap<>();
    report.lines().forEach(line -> put(values, line));
    return values;
  }

  private static void put(Map<String, String> values, String line) {
    String[] columns = line.split("\\s+", -1);
    values.put(columns[0] + "\t" + columns[1], columns[2]);
  }
}
