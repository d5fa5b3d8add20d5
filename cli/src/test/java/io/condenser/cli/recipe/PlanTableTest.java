package io.condenser.cli.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.condenser.cli.plan.Estimate;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTableTest {
  private final RecordedConsole console = new RecordedConsole();

  private List<String> shown(double freeDisk, double freeMemory) {
    PlanTable table = new PlanTable();
    table.row("[1/3] fetch", "runs", new Estimate.Step(0, 3e9, 3e9, 0, 1e9, null));
    table.row("[2/3] pretrain", "runs", new Estimate.Step(7260, 0, 4e8, 6e8, 7e9, null));
    table.row("[3/3] search", "runs", Estimate.Step.unknown("corpus.jsonl is not there yet"));
    table.show(console, freeDisk, freeMemory);
    return console.results;
  }

  @Test
  void everyStageHasALineAndTheSumSaysWhatIsLeftOut() {
    List<String> lines = shown(9e9, 8e9);

    assertThat(lines.get(1)).endsWith("runs; downloads 3.0 GB");
    assertThat(lines.get(2)).contains("2 h 01 min", "1.0 GB", "7.0 GB");
    assertThat(lines.get(3)).endsWith("runs; not estimated: corpus.jsonl is not there yet");
    assertThat(lines.get(4))
        .isEqualTo(
            "in all about 2 h 01 min and the download of 3.0 GB, whose speed is not known;"
                + " at most 4.0 GB more on disk (9.0 GB are free), 7.0 GB of memory (8.0 GB are free)");
    assertThat(lines.get(5)).isEqualTo("not counted: 1 stages that could not be estimated");
    assertThat(lines).hasSize(6);
  }

  @Test
  void whatDoesNotSufficeIsSaidPlainly() {
    assertThat(shown(2e9, 6e9))
        .anyMatch(line -> line.startsWith("WARNING: disk will not suffice: about 4.0 GB needed"))
        .anyMatch(line -> line.startsWith("WARNING: memory will not suffice: about 7.0 GB"));
  }
}
