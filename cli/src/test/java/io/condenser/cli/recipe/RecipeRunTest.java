package io.condenser.cli.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.cli.SampleStage;
import io.condenser.storage.InputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RecipeRunTest {
  /** a.txt → b.txt → c.txt, each twice as long. */
  private static final String CHAIN =
      """
      name: chain
      variables: {work: "${recipe}/work", remark: none}
      stages:
        - sample:
            input: ${recipe}/a.txt
            output: ${work}/b.txt
            remark: ${remark}
          as: one
        - sample:
            input: ${work}/b.txt
            output: ${work}/c.txt
          as: two
      """;

  @TempDir private Path folder;

  @BeforeEach
  void writeInput() throws IOException {
    Files.writeString(folder.resolve("a.txt"), "ab");
  }

  private Recipe recipe(String yaml, Map<String, String> given) throws IOException {
    Path file = folder.resolve("r.yaml");
    Files.writeString(file, yaml);
    return new RecipeReader(List.of(SampleStage.TYPE)).read(file, given);
  }

  /** The names of the stages that worked, which say so. */
  private List<String> worked(String yaml, Map<String, String> given, @Nullable String from)
      throws IOException {
    RecordedConsole console = new RecordedConsole();
    new RecipeRun(recipe(yaml, given), console).run(from, List.of("run", "r.yaml"));
    return console.said.stream()
        .filter(line -> line.contains(": done in "))
        .map(line -> line.replaceAll("^\\[\\d/\\d] (\\w+).*", "$1"))
        .toList();
  }

  private List<String> worked() throws IOException {
    return worked(CHAIN, Map.of(), null);
  }

  private String output(String name) throws IOException {
    return Files.readString(folder.resolve("work").resolve(name));
  }

  @Test
  void everyStageRunsInOrder() throws IOException {
    assertThat(worked()).containsExactly("one", "two");
    assertThat(output("c.txt")).isEqualTo("ab".repeat(4));
  }

  @Test
  void doneStagesAreKept() throws IOException {
    worked();
    assertThat(worked()).isEmpty();
  }

  @Test
  void aChangedInputRunsWhatReadsIt() throws IOException {
    worked();
    Files.writeString(folder.resolve("a.txt"), "xy");

    assertThat(worked()).containsExactly("one", "two");
    assertThat(output("c.txt")).isEqualTo("xy".repeat(4));
  }

  @Test
  void anInputTouchedButNotChangedRunsNothing() throws IOException {
    worked();
    Files.setLastModifiedTime(folder.resolve("a.txt"), FileTime.from(Instant.EPOCH));

    assertThat(worked()).isEmpty();
  }

  @Test
  void aStageThatWritesTheSameAsBeforeRunsNothingAfterIt() throws IOException {
    worked();
    assertThat(worked(CHAIN, Map.of("remark", "another setting"), null)).containsExactly("one");
  }

  @Test
  void aMissingOutputIsMadeAgain() throws IOException {
    worked();
    Files.delete(folder.resolve("work/c.txt"));

    assertThat(worked()).containsExactly("two");
  }

  @Test
  void fromRunsAStageAndAllAfterIt() throws IOException {
    worked();
    assertThat(worked(CHAIN, Map.of(), "two")).containsExactly("two");
    assertThat(worked(CHAIN, Map.of(), "one")).containsExactly("one", "two");
  }

  @Test
  void fromAnUnknownStageIsRefusedAndDeletesNothing() throws IOException {
    worked();
    assertThatThrownBy(() -> worked(CHAIN, Map.of(), "tow"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no stage 'tow'; did you mean 'two'?");
    assertThat(worked()).isEmpty();
  }

  @Test
  void fromDeletesTheCheckpointsOfAnUnfinishedStage() throws IOException {
    Path checkpoint = folder.resolve("work/c.txt-unfinished/checkpoint");
    Files.createDirectories(checkpoint);

    new Ledger(folder.resolve("work")).forget(recipe(CHAIN, Map.of()).steps().getLast());

    assertThat(checkpoint).doesNotExist();
  }

  @Test
  void fromDeletesNothingOutsideTheWorkFolder() throws IOException {
    String outside = CHAIN.replace("${work}/c.txt", "${recipe}/kept.txt");
    worked(outside, Map.of(), null);
    Path kept = folder.resolve("kept.txt");

    new Ledger(folder.resolve("work")).forget(recipe(outside, Map.of()).steps().getLast());

    assertThat(kept).exists();
  }

  @Test
  void aFailedStageIsNotDoneAndTheNextRunGoesOnThere() throws IOException {
    Files.writeString(folder.resolve("a.txt"), "ab");
    String failing =
        CHAIN.replace("output: ${work}/c.txt", "output: ${work}/b.txt.d/c.txt\n      remark: fail");

    assertThatThrownBy(() -> worked(failing, Map.of(), null)).hasMessage("broken inside");
    assertThat(worked(CHAIN, Map.of(), null)).containsExactly("two");
  }

  @Test
  void aStageThatFailsWithChangedSettingsIsNotTakenForTheOldOne() throws IOException {
    worked();
    assertThatThrownBy(() -> worked(CHAIN, Map.of("remark", "fail"), null))
        .hasMessage("broken inside");

    assertThat(worked()).containsExactly("one");
  }

  @Test
  void wrongInputIsReportedWithTheStageThatRefusedIt() throws IOException {
    Files.delete(folder.resolve("a.txt"));

    assertThatThrownBy(this::worked)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("r.yaml:4: stage one: ")
        .hasMessageContaining("no such file");
  }

  @Test
  void aDamagedRecordMeansNotDone() throws IOException {
    worked();
    Files.writeString(folder.resolve("work/.stages/one.json"), "{\"finger");
    Files.writeString(folder.resolve("work/.stages/files"), "{{");

    assertThat(worked()).containsExactly("one");
  }

  @Test
  void thePlanSaysWhatWouldRunAndWritesNothing() throws IOException {
    RecordedConsole console = new RecordedConsole();
    new RecipeRun(recipe(CHAIN, Map.of()), console).plan(null);

    assertThat(console.results).hasSize(4);
    assertThat(console.results.get(1))
        .matches("\\[1/2] one \\(sample\\) +0.00 s +0 kB +1.1 GB  runs");
    assertThat(console.results.get(2)).endsWith("  runs, if what it reads changes");
    assertThat(console.results.get(3)).matches("in all about 0.00 s; at most 0 kB more on disk .*");
    assertThat(folder.resolve("work")).doesNotExist();
  }

  @Test
  void aPlanOfDoneStagesTakesNothing() throws IOException {
    worked();
    RecordedConsole console = new RecordedConsole();
    new RecipeRun(recipe(CHAIN, Map.of()), console).plan(null);

    assertThat(console.results.get(1)).matches("\\[1/2] one \\(sample\\) +kept");
    assertThat(console.results.get(3)).startsWith("in all about 0.00 s; at most 0 kB more on disk");
  }

  @Test
  void theRecordOfTheRunHoldsItsStages() throws IOException {
    worked();
    worked(CHAIN, Map.of("remark", "new"), null);

    JsonNode record = new JsonMapper().readTree(folder.resolve("work/run.json"));
    assertThat(record.path("name").asString()).isEqualTo("chain");
    assertThat(record.path("text").asString()).isEqualTo(CHAIN);
    assertThat(record.path("variables").path("remark").asString()).isEqualTo("new");
    assertThat(record.path("finished").asString()).isNotEmpty();
    JsonNode stages = record.path("stages");
    assertThat(stages.path(0).path("kept").asBoolean()).isFalse();
    assertThat(stages.path(0).path("settings").path("remark").asString()).isEqualTo("new");
    assertThat(stages.path(0).path("results").asString()).contains("AS_THEY_ARE new");
    assertThat(stages.path(1).path("kept").asBoolean()).isTrue();
    assertThat(stages.path(1).path("results").asString())
        .as("what it printed when it ran")
        .contains("AS_THEY_ARE");
  }

  /** RR of the two queries: 1 and 1/2. */
  private String expecting(String value) throws IOException {
    Files.writeString(folder.resolve("qrels.txt"), "q1 0 p1 1\nq2 0 p2 1\n");
    Files.writeString(
        folder.resolve("test.run"), "q1 Q0 p1 1 9.0 x\nq2 Q0 p3 1 9.0 x\nq2 Q0 p2 2 8.0 x\n");
    return CHAIN
        + """
        expect:
          - run: ${recipe}/test.run
            qrels: ${recipe}/qrels.txt
            tolerance: 0.001
            measures: {RR@10: %s}
        """
            .formatted(value);
  }

  @Test
  void expectedMeasuresAreHeldAgainstTheRun() throws IOException {
    RecordedConsole console = new RecordedConsole();
    new RecipeRun(recipe(expecting("0.7505"), Map.of()), console).run(null, List.of());

    assertThat(console.results)
        .last()
        .isEqualTo("test.run RR@10 0.7500, expected 0.7505 ± 0.0010: as expected");
  }

  @Test
  void aMeasureThatDiffersFailsTheRunAndIsRecorded() throws IOException {
    String yaml = expecting("0.76");

    assertThatThrownBy(() -> worked(yaml, Map.of(), null))
        .isInstanceOf(InputException.class)
        .hasMessage("1 of 1 measures are not as the recipe expects");
    JsonNode measure =
        new JsonMapper().readTree(folder.resolve("work/run.json")).path("measures").path(0);
    assertThat(measure.path("measured").asDouble()).isEqualTo(0.75);
    assertThat(measure.path("expected").asDouble()).isEqualTo(0.76);
  }

  @Test
  void aSecondProcessInTheSameFolderIsRefused() throws IOException {
    Path lock = folder.resolve("work/.stages/lock");
    Files.createDirectories(lock.getParent());
    try (var channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var held = channel.lock()) {
      assertThat(held.isValid()).isTrue();
      assertThatThrownBy(this::worked)
          .isInstanceOf(InputException.class)
          .hasMessageContaining("another process runs a recipe there");
    }
  }
}
