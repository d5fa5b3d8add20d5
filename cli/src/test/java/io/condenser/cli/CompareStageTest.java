package io.condenser.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.condenser.cli.CompareStage.Format;
import io.condenser.storage.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CompareStageTest {
  private static final int QUERIES = 12;

  private final RecordingConsole console = new RecordingConsole();
  @TempDir private Path folder;
  private Path qrels = Path.of("");
  private Path worse = Path.of("");
  private Path better = Path.of("");
  private Path same = Path.of("");

  @BeforeEach
  void writeFiles() throws IOException {
    StringBuilder judgments = new StringBuilder();
    StringBuilder second = new StringBuilder();
    StringBuilder first = new StringBuilder();
    for (int q = 0; q < QUERIES; q++) {
      judgments.append("q").append(q).append(" 0 a 1\n");
      second.append("q%d Q0 b 1 2 x\nq%d Q0 a 2 1 x\n".formatted(q, q));
      first.append("q%d Q0 %s 1 2 x\n".formatted(q, q < 10 ? "a" : "b"));
      first.append("q%d Q0 %s 2 1 x\n".formatted(q, q < 10 ? "b" : "a"));
    }
    qrels = Files.writeString(folder.resolve("qrels"), judgments);
    worse = Files.writeString(folder.resolve("worse"), second);
    same = Files.writeString(folder.resolve("same"), second);
    better = Files.writeString(folder.resolve("better"), first);
  }

  private void compare(List<Path> runs, Format format) {
    new CompareStage(qrels, worse, runs, "RR", format, 0.95, 10_000, 0).run(console);
  }

  @Test
  void printsDifferencesIntervalsAndPValues() {
    compare(List.of(better), Format.TABLE);
    // Ten differences of 1/2, two of 0: standard error sqrt(5/12 / 11 / 12) = 0.05618, and
    // Student's
    // t with 11 degrees has its 97.5 % quantile at 2.20099.
    assertThat(console.results.getFirst().lines().map(line -> line.replaceAll("\\s{2,}", "|")))
        .containsExactly(
            "measure|run|mean|difference|95% interval|p (t test)|p (randomisation)",
            "RR|" + worse + "|0.5000",
            "RR|" + better + "|0.9167|+0.4167|+0.2930 to +0.5403|<0.0001|0.0020");
  }

  @Test
  void correctsForSeveralRuns() {
    compare(List.of(same, better), Format.JSON);
    JsonNode runs = new JsonMapper().readTree(console.results.getFirst()).path("RR").path("runs");
    assertThat(runs.path(0).path("run").asString()).isEqualTo(same.toString());
    assertThat(runs.path(0).path("difference").asDouble()).isZero();
    assertThat(runs.path(0).path("p-holm").asDouble()).isEqualTo(1);
    assertThat(runs.path(1).path("difference").asDouble()).isCloseTo(5.0 / 12, within(1e-12));
    // Ten gains, no loss: 2 of 2^10 patterns, twice for two runs.
    assertThat(runs.path(1).path("p-randomisation").asDouble()).isEqualTo(2.0 / 1024);
    assertThat(runs.path(1).path("p-holm").asDouble()).isEqualTo(4.0 / 1024);
  }

  @Test
  void refusesToCompareARunTwice() {
    assertThatThrownBy(() -> compare(List.of(better, better), Format.TABLE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("expected one or more, each once");
  }

  @Test
  void refusesAConfidenceOutOfBounds() {
    assertThatThrownBy(
            () -> new CompareStage(qrels, worse, List.of(better), "RR", Format.JSON, 95, 10, 0))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("confidence 95.0; expected above 0 and below 1");
  }
}
