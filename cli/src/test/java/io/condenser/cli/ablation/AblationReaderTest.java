package io.condenser.cli.ablation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.storage.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AblationReaderTest {
  private static final String GOOD = TinyAblation.YAML;

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init")
  private TinyAblation tiny;

  @BeforeEach
  void writeInput() throws IOException {
    tiny = new TinyAblation(folder);
  }

  private List<String> names(String yaml) throws IOException {
    return tiny.read(yaml, Map.of()).trials().stream().map(Trial::name).toList();
  }

  private void assertRefused(String yaml, String message) {
    assertThatThrownBy(() -> tiny.read(yaml, Map.of()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }

  @Test
  void trialsAreBaselinesAndAllCombinationsForEachSeed() throws IOException {
    assertThat(names(GOOD))
        .containsExactly(
            "untrained, seed 1",
            "none · BM25, seed 1",
            "none · mined, seed 1",
            "MLM · BM25, seed 1",
            "MLM · mined, seed 1",
            "untrained, seed 2",
            "none · BM25, seed 2",
            "none · mined, seed 2",
            "MLM · BM25, seed 2",
            "MLM · mined, seed 2");
  }

  @Test
  void labelsSetVariablesAndSeedsTheSeed() throws IOException {
    Trial trial = tiny.read(GOOD, Map.of("work", "elsewhere")).trials().get(7);
    RankStage rank = (RankStage) trial.recipe().steps().get(2).stage();
    assertThat(rank.model()).isEqualTo(Path.of("elsewhere/start.txt"));
    assertThat(rank.places()).hasSize(8).containsOnly("1");
    assertThat(rank.seed()).isEqualTo(2);
  }

  @Test
  void whatIsExcludedIsLeftOutUnlessIncluded() throws IOException {
    String less = GOOD.replace("seeds: [1, 2]", "seeds: [1]") + "exclude:\n- {pretraining: none}\n";
    assertThat(names(less))
        .containsExactly("untrained, seed 1", "MLM · BM25, seed 1", "MLM · mined, seed 1");
    assertThat(names(less + "include:\n- {pretraining: [none, MLM], negatives: mined}\n"))
        .containsExactly(
            "untrained, seed 1",
            "none · mined, seed 1",
            "MLM · BM25, seed 1",
            "MLM · mined, seed 1");
  }

  @Test
  void stagesAndVariablesMayBeAnotherFiles() throws IOException {
    int seeds = GOOD.indexOf("seeds:");
    int variables = GOOD.indexOf("variables:");
    Files.writeString(
        folder.resolve("template.yaml"), "name: template\n" + GOOD.substring(variables, seeds));
    String rest =
        "name: tiny\nrecipe: template.yaml\nvariables: {qrels: elsewhere.txt}\n"
            + GOOD.substring(seeds);

    Ablation ablation = tiny.read(rest, Map.of());
    assertThat(ablation.trials()).hasSize(10);
    assertThat(ablation.trials().getFirst().wanted().qrels()).isEqualTo(Path.of("elsewhere.txt"));
    assertRefused(rest.replace("{qrels:", "{qrel:"), "no variable 'qrel'; did you mean 'qrels'?");
    assertRefused(rest + "stages: []\n", "both 'recipe:' and 'stages:'");

    Files.writeString(folder.resolve("template.yaml"), GOOD); // an ablation
    assertThat(tiny.read(rest, Map.of()).trials()).hasSize(10);
    Files.writeString(folder.resolve("template.yaml"), GOOD + "expect: {}\n");
    assertRefused(rest, "unknown key 'expect' in the ablation");
  }

  @Test
  void unknownNamesAreRefusedWithTheirLine() {
    assertRefused(
        GOOD.replace("grid:", "gird:"), "tiny.yaml:27: unknown key 'gird' in the ablation");
    assertRefused(
        GOOD.replace("none: {model:", "none: {modle:"),
        "no variable 'modle'; did you mean 'model'?");
    assertRefused(
        GOOD.replace("rows: [pretraining]", "rows: [pretrainig]"),
        "no axis 'pretrainig'; did you mean 'pretraining'?");
    assertRefused(
        GOOD.replace("compare: {negatives: BM25}", "compare: {negatives: BM26}"),
        "axis negatives has no label 'BM26'; did you mean 'BM25'?");
    assertRefused(GOOD.replace("compare: untrained", "compare: nobody"), "no baseline 'nobody'");
    assertRefused(GOOD.replace("measures: RR@10 R@1\n  ", "measures: RR@@1\n  "), "RR@@1");
    assertRefused(GOOD + "keep: some\n", "keep: 'some'; expected results or all");
  }

  @Test
  void anAxisNeitherShownNorFixedIsRefused() {
    assertRefused(
        GOOD.replace("    columns: [negatives]\n", ""),
        "Mined negatives: axis 'negatives' is shown or fixed nowhere");
  }

  @Test
  void theSeedAndTheWorkFolderAreNotTheGridsToSet() {
    assertRefused(GOOD.replace("MLM: {}", "MLM: {seed: 3}"), "'seed' is set here");
    assertRefused(GOOD.replace("untrained: {", "untrained: {seed: 3, "), "'seed' is set here");
    assertRefused(GOOD.replace("untrained: {", "MLM: {"), "'MLM' is a label, too");
    assertThatThrownBy(() -> tiny.read(GOOD, Map.of("places", "1")))
        .hasMessageContaining("--set places=…: the ablation itself gives 'places' its values");
    assertRefused(GOOD.replace("seeds: [1, 2]", "seeds: [1, 1]"), "seed 1 twice");
    assertRefused(GOOD.replace("seeds: [1, 2]", "seeds: [one]"), "seed 'one'; expected whole");
  }

  @Test
  void stagesAreBoundBeforeAnythingRuns() {
    assertRefused(
        GOOD.replace("remark: mlm", "remrak: mlm"), "tiny.yaml:15: remrak: sample has no");
  }
}
