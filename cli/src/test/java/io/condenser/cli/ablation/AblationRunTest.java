package io.condenser.cli.ablation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.storage.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AblationRunTest {
  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init")
  private TinyAblation tiny;

  @BeforeEach
  void writeInput() throws IOException {
    tiny = new TinyAblation(folder);
  }

  private static long count(List<String> worked, String stage) {
    return Collections.frequency(worked, stage);
  }

  @Test
  void equalWorkIsDoneOnceAndWhatNobodyNeedsNever() throws IOException {
    List<String> worked = tiny.run(TinyAblation.YAML);

    assertThat(count(worked, "start")).as("one for all").isEqualTo(1);
    assertThat(count(worked, "pretrain")).as("one for each seed").isEqualTo(2);
    assertThat(count(worked, "rank")).as("(4 cells + 1 baseline) × 2 seeds").isEqualTo(10);
    assertThat(worked).hasSize(13);
  }

  @Test
  void equalWorkUnderOtherNamesIsDoneOnceToo() throws IOException {
    String again =
        TinyAblation.YAML
            .replace(
                "  - rank:\n",
                """
                  - sample: {input: "${recipe}/a.txt", output: "${work}/other.txt"}
                    as: other-start
                  - rank:
                """)
            .replace(
                "none: {model: \"${work}/start.txt\"}", "none: {model: \"${work}/other.txt\"}");
    assertThat(again).contains("other-start", "none: {model: \"${work}/other.txt\"}");

    assertThat(tiny.run(again)).hasSize(13);
  }

  @Test
  void aFinishedAblationRunsNothingAgainThoughItsModelsAreGone() throws IOException {
    tiny.run(TinyAblation.YAML);
    assertThat(tiny.outputs()).containsOnly("rank/run.run").hasSize(10);

    assertThat(tiny.run(TinyAblation.YAML)).isEmpty();
    assertThat(tiny.console.results.getLast()).contains("0.9688 ± 0.0442");
  }

  @Test
  void anotherSeedOrLabelRunsWhatIsNewAlone() throws IOException {
    tiny.run(TinyAblation.YAML);
    List<String> worked = tiny.run(TinyAblation.YAML.replace("seeds: [1, 2]", "seeds: [1, 2, 3]"));
    assertThat(worked).hasSize(7).contains("start", "pretrain");
    assertThat(count(worked, "rank")).isEqualTo(5);
  }

  @Test
  void aPartRunsAloneAndTheRestLaterWithoutDoingAgainWhatBothNeed() throws IOException {
    List<String> part =
        tiny.run(TinyAblation.YAML, List.of("pretraining=MLM", "negatives=mined"), List.of(1L));
    assertThat(part).containsExactly("rank", "start", "pretrain", "rank");
    assertThat(tiny.console.results.getLast()).contains("| MLM ").doesNotContain("| none ");
    assertThat(tiny.outputs()).as("what the others need").contains("sample/output.txt");

    List<String> wider =
        tiny.run(TinyAblation.YAML, List.of("pretraining=MLM", "pretraining=none"), List.of(1L));
    assertThat(wider).containsExactly("rank", "rank", "rank");

    List<String> rest = tiny.run(TinyAblation.YAML);
    assertThat(count(rest, "start")).as("kept").isZero();
    assertThat(rest).hasSize(6);
    assertThat(tiny.outputs()).containsOnly("rank/run.run").hasSize(10);
  }

  @Test
  void baselinesAreChosenByTheirNames() throws IOException {
    String two = TinyAblation.YAML.replace("baselines:\n", "baselines:\n  easy: {places: 9}\n");
    Ablation ablation = tiny.read(two, Map.of());
    Part part = Part.of(ablation, List.of("baselines=untrained", "negatives=mined"), List.of(2L));
    assertThat(ablation.trials())
        .filteredOn(part::holds)
        .extracting(Trial::name)
        .containsExactly("untrained, seed 2", "none · mined, seed 2", "MLM · mined, seed 2");
  }

  @Test
  void anAxisIsNotCalledBaselines() {
    String named = TinyAblation.YAML.replace("  negatives:\n", "  baselines:\n");
    assertThatThrownBy(() -> tiny.read(named, Map.of()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("an axis cannot be called 'baselines'");
  }

  @Test
  void aPartThatThereIsNotIsRefused() throws IOException {
    Ablation ablation = tiny.read(TinyAblation.YAML, Map.of());
    assertThatThrownBy(() -> Part.of(ablation, List.of("pretrainin=MLM"), List.of()))
        .isInstanceOf(InputException.class)
        .hasMessage("--only 'pretrainin=MLM': no axis 'pretrainin'; did you mean 'pretraining'?");
    assertThatThrownBy(() -> Part.of(ablation, List.of("pretraining"), List.of()))
        .isInstanceOf(InputException.class)
        .hasMessage("--only 'pretraining': expected AXIS=LABEL");
    assertThatThrownBy(() -> Part.of(ablation, List.of("pretraining=mlm"), List.of()))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "--only 'pretraining=mlm': axis pretraining has no label 'mlm'; there are: none, MLM");
    assertThatThrownBy(() -> Part.of(ablation, List.of(), List.of(3L)))
        .isInstanceOf(InputException.class)
        .hasMessage("--seeds: the ablation has no seed 3; expected some of [1, 2]");

    String without =
        TinyAblation.YAML.replace(
            "baselines:", "exclude: [{pretraining: MLM, negatives: mined}]\nbaselines:");
    Ablation smaller = tiny.read(without, Map.of());
    assertThatThrownBy(
            () -> Part.of(smaller, List.of("pretraining=MLM", "negatives=mined"), List.of()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("the ablation leaves the combination out");
  }

  @Test
  void keepAllKeepsModels() throws IOException {
    tiny.run(TinyAblation.YAML + "keep: all\n");
    assertThat(tiny.outputs()).hasSize(13).contains("sample/output.txt");
  }

  @Test
  void aKilledAblationGoesOnWhereItWas() throws IOException {
    Path kill = folder.resolve(RankStage.KILL + 2);
    Files.writeString(kill, "");
    assertThatThrownBy(() -> tiny.run(TinyAblation.YAML)).hasMessage("killed");
    assertThat(tiny.worked()).hasSize(7);
    assertThat(tiny.outputs()).as("what the other seed needs stays").contains("sample/output.txt");

    Files.delete(kill);
    List<String> worked = tiny.run(TinyAblation.YAML);
    assertThat(count(worked, "start")).isZero();
    assertThat(worked).hasSize(6);
    assertThat(tiny.outputs()).containsOnly("rank/run.run").hasSize(10);
  }

  @Test
  void aChangedInputRunsWhatReadsIt() throws IOException {
    tiny.run(TinyAblation.YAML);
    Files.writeString(folder.resolve("a.txt"), "xyz");
    assertThat(tiny.run(TinyAblation.YAML)).hasSize(13);
  }

  @Test
  void aFailingCellIsReportedAndTheOthersGoOn() throws IOException {
    String failing = TinyAblation.YAML.replace("mined: {places: \"1,1", "mined: {places: \"0,1");
    assertThatThrownBy(() -> tiny.run(failing))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("4 of 10 trials failed")
        .hasMessageContaining("place 0; expected 1 or more");
    assertThat(tiny.worked()).hasSize(9);
    assertThat(tiny.console.remarks)
        .anyMatch(line -> line.startsWith("[3/10] none · mined, seed 1: FAILED, "));
    assertThat(tiny.console.results.getLast()).contains("| MLM ").doesNotContain("| mined");
    assertThat(Files.readString(folder.resolve("work/results.json")))
        .contains("place 0; expected 1 or more");
    assertThat(tiny.outputs()).as("for a second try").contains("sample/output.txt");

    assertThat(tiny.run(TinyAblation.YAML)).containsOnly("rank").hasSize(4);
  }

  @Test
  void aStageThatFailsForAllIsTriedOnce() throws IOException {
    Files.delete(folder.resolve("a.txt"));
    assertThatThrownBy(() -> tiny.run(TinyAblation.YAML))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("10 of 10 trials failed");
    assertThat(
            tiny.console.remarks.stream().filter(l -> l.contains(": start (") && l.endsWith("…")))
        .hasSize(1);
  }

  @Test
  void thePlanSaysWhatWouldRunForHowManyTrialsWhatThatTakesAndWritesNothing() throws IOException {
    tiny.made(TinyAblation.YAML).plan();
    assertThat(tiny.console.results)
        .anyMatch(
            line -> line.matches("start \\(sample-\\w{12}\\) for 8 trials +0.00 s .* GB  runs"))
        .anyMatch(line -> line.startsWith("in all about 0.00 s; at most "))
        .last()
        .isEqualTo("10 trials, 13 steps; to run: 10 × rank, 3 × sample");
    assertThat(folder.resolve("work")).doesNotExist();
  }

  @Test
  void seedsThatAreMeasuredOverDifferentQueriesAreNotAveraged() throws IOException {
    Files.copy(folder.resolve("qrels.txt"), folder.resolve("qrels-1.txt"));
    Files.writeString(folder.resolve("qrels-2.txt"), "q0 0 r 1\nq1 0 r 1\n");
    String seeded =
        TinyAblation.YAML.replace(
            "qrels: ${recipe}/qrels.txt\n", "qrels: ${recipe}/qrels-${seed}.txt\n");
    assertThat(seeded).contains("  qrels: ${recipe}/qrels-${seed}.txt");
    assertThatThrownBy(() -> tiny.run(seeded))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("qrels-1.txt and of ")
        .hasMessageContaining("expected the same queries with all seeds");
  }

  @Test
  void outputsOutsideTheWorkFolderAreRefused() {
    assertThatThrownBy(
            () -> tiny.run(TinyAblation.YAML.replace("${work}/dev.run", "${recipe}/dev.run")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("tiny.yaml:18: rank writes")
        .hasMessageContaining("in the folder 'work'");
  }

  @Test
  void filesThatNoStageWritesAreRefused() {
    assertThatThrownBy(() ->
            tiny.run(
                TinyAblation.YAML.replace(
                    "none: {model: \"${work}/start.txt\"}", "none: {model: \"${work}/st.txt\"}")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("rank names")
        .hasMessageContaining("which no stage before it writes");
  }
}
