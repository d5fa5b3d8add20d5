package io.condenser.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.cli.EvaluateStage.Format;
import io.condenser.storage.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateStageTest {
  private final RecordingConsole console = new RecordingConsole();
  @TempDir private Path folder;
  private Path qrels = Path.of("");
  private Path run = Path.of("");

  @BeforeEach
  void writeFiles() throws IOException {
    qrels = folder.resolve("qrels.tsv");
    Files.writeString(
        qrels, "query-id\tcorpus-id\tscore\nq1\ta\t1\nq2\tb\t1\nq3\tc\t1\nq4\td\t0\n");
    run = folder.resolve("dev.run");
    Files.writeString(
        run, "q1 Q0 a 1 2 x\nq2 Q0 x 1 2 x\nq2 Q0 b 2 1 x\nq4 Q0 d 1 1 x\nq9 Q0 a 1 1 x\n");
  }

  private EvaluateStage stage(String measures, Format format, boolean perQuery) {
    return new EvaluateStage(qrels, run, measures, format, perQuery);
  }

  @Test
  void printsTheMeansAloneAsJson() {
    stage("RR@10 R@1 nDCG@10", Format.JSON, false).run(console);
    assertThat(console.results)
        .containsExactly("{\"RR@10\": 0.3750, \"R@1\": 0.2500, \"nDCG@10\": 0.4077}");
  }

  @Test
  void printsATableWithTheQueries() {
    stage("RR@1", Format.TABLE, true).run(console);
    assertThat(console.results)
        .containsExactly(
            """
            query        RR@1
            q1         1.0000
            q2         0.0000
            q3         0.0000
            q4         0.0000
            mean of 4  0.2500\
            """);
  }

  @Test
  void printsAsTrecEvalDoes() {
    stage("RR@1", Format.TREC, true).run(console);
    assertThat(console.results.getFirst())
        .contains("recip_rank_cut_1      \tq1\t1.0000")
        .endsWith("recip_rank_cut_1      \tall\t0.2500");
  }

  @Test
  void remarksOnWhatTheMeasuresDoNotShow() {
    stage("RR@10", Format.JSON, false).run(console);
    assertThat(console.remarks)
        .containsExactly(
            run + ": misses 1 of 4 judged queries; they count 0",
            run + ": 1 of 4 judged queries have no relevant passage; they count 0",
            run + ": 1 of 4 queries are not judged and left out, for example 'q9'",
            run + ": no ranking is longer than 2; RR@10 would need 10");
  }

  @Test
  void refusesARunOfAnotherQuerySetNamingBothFiles() throws IOException {
    Files.writeString(run, "77 Q0 a 1 2 x\n");
    assertThatThrownBy(() -> stage("RR", Format.JSON, false).run(console))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(
            "%s with %s: no query of the run is judged: its queries are like '77', the judged ones"
                    .formatted(run, qrels)
                + " like 'q1'");
    assertThat(console.results).isEmpty();
  }

  @Test
  void refusesAnUnknownMeasureBeforeReading() {
    assertThatThrownBy(
            () -> new EvaluateStage(Path.of("no"), Path.of("no"), "XY@3", Format.JSON, false))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("unknown measure 'XY@3'");
  }
}
