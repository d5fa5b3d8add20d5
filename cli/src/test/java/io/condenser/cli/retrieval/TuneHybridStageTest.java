package io.condenser.cli.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.cli.RecordingConsole;
import io.condenser.evaluation.Run;
import io.condenser.evaluation.ScoredPassage;
import io.condenser.retrieval.Hybrid;
import io.condenser.storage.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TuneHybridStageTest {
  private final RecordingConsole console = new RecordingConsole();
  @TempDir private Path folder;

  @BeforeEach
  void writeInputs() throws IOException {
    Files.writeString(folder.resolve("qrels"), "q1 0 a 1\nq2 0 a 1\n");
    Files.writeString(
        folder.resolve("bm25"), "q1 Q0 a 1 9 s\nq1 Q0 b 2 3 s\nq2 Q0 a 1 8 s\nq2 Q0 b 2 1 s\n");
    Files.writeString(
        folder.resolve("dense"),
        "q1 Q0 b 1 .9 s\nq1 Q0 a 2 .3 s\nq2 Q0 b 1 .8 s\nq2 Q0 a 2 .1 s\n");
  }

  private void tune(String measure) {
    new TuneHybridStage(
            folder.resolve("qrels"),
            folder.resolve("bm25"),
            folder.resolve("dense"),
            folder.resolve("out.run"),
            measure,
            Hybrid.Method.MIN_MAX,
            1)
        .run(console);
  }

  @Test
  void theTableShowsQuartersAndTheBestWithWhichTheRunIsFused() {
    tune("RR@10");
    assertThat(console.results.getFirst().lines())
        .hasSize(1 + 5 + 1)
        .startsWith("dense-weight   RR@10")
        .contains("0.00          1.0000", "0.45          1.0000  chosen", "1.00          0.0000");
    assertThat(Run.read(folder.resolve("out.run")).ranking("q1"))
        .extracting(ScoredPassage::id)
        .containsExactly("a");
    assertThat(console.remarks)
        .singleElement()
        .asString()
        .endsWith("with the weights that the others chose: 0.45, 0.45");
  }

  @Test
  void whatDoesNotBelongTogetherIsRefused() throws IOException {
    Files.writeString(folder.resolve("dense"), "q7 Q0 a 1 .9 s\n");
    assertThatThrownBy(() -> tune("RR@10"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "%s: ranks no query that %s judges; are both of the same queries?"
                .formatted(folder.resolve("dense"), folder.resolve("qrels")));
    Files.writeString(folder.resolve("qrels"), "q1 0 a 1\n");
    assertThatThrownBy(() -> tune("RR@10"))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith(
            "judges one query; expected two or more: others choose the weight of each");
    assertThatThrownBy(() -> tune("MRR@10")).isInstanceOf(InputException.class);
  }
}
