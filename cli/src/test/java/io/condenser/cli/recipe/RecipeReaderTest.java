package io.condenser.cli.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.cli.SampleStage;
import io.condenser.cli.plan.Size;
import io.condenser.evaluation.Measure;
import io.condenser.storage.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecipeReaderTest {
  private static final String GOOD =
      """
      name: sample
      description: Two repetitions.
      variables:
        data: corpora
        work: ${recipe}/work
      stages:
        - sample:
            input: ${data}/a.txt
            output: ${work}/b.txt
            words: [x, "y,z"]
        - sample: {input: "${work}/b.txt", output: "${work}/c.txt", times: 3, loud: false}
          as: again
      expect:
        - run: ${work}/bm25.run
          qrels: ${data}/qrels.tsv
          measures: {RR@10: 0.41, R@100: 0.8}
      """;

  @TempDir private Path folder;

  private Recipe read(String yaml, Map<String, String> given) throws IOException {
    Path file = folder.resolve("r.yaml");
    Files.writeString(file, yaml);
    return new RecipeReader(List.of(SampleStage.TYPE)).read(file, given);
  }

  private void assertRefused(String yaml, String message) {
    assertThatThrownBy(() -> read(yaml, Map.of()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aRecipeBecomesItsStages() throws IOException {
    Recipe recipe = read(GOOD, Map.of());

    assertThat(recipe.steps()).extracting(Recipe.Step::name).containsExactly("sample", "again");
    assertThat(recipe.steps()).extracting(Recipe.Step::line).containsExactly(7, 11);
    SampleStage first = (SampleStage) recipe.steps().getFirst().stage();
    assertThat(first.input()).isEqualTo(Path.of("corpora/a.txt"));
    assertThat(first.output()).isEqualTo(folder.resolve("work/b.txt"));
    assertThat(first.words()).containsExactly("x", "y,z");
    SampleStage second = (SampleStage) recipe.steps().getLast().stage();
    assertThat(second.times()).isEqualTo(3);
    assertThat(second.loud()).isFalse();
  }

  @Test
  void anElementOfAListKeepsItsCommasEvenIfItIsTheOnlyOne() throws IOException {
    assertThat(words("[\"y,z\"]")).containsExactly("y,z");
    assertThat(words("y,z")).containsExactly("y", "z");
  }

  private List<String> words(String written) throws IOException {
    Recipe recipe = read(GOOD.replace("[x, \"y,z\"]", written), Map.of());
    return ((SampleStage) recipe.steps().getFirst().stage()).words();
  }

  @Test
  void sizesOfWhatIsNotThereAreDeclared() throws IOException {
    String yaml =
        GOOD
            + """
            sizes:
              ${data}/c.tsv: {records: 8841823, tokens: 76}
              ${work}/bert: {layers: 12, hidden: 768}
            """;
    assertThat(read(yaml, Map.of()).sizes())
        .containsOnly(
            Map.entry(Path.of("corpora/c.tsv"), Size.texts(8841823, 76, 8841823)),
            Map.entry(folder.resolve("work/bert"), Size.encoder(12, 768)));
    assertRefused(yaml.replace("76", "many"), "tokens: 'many'; expected a whole number");
    assertRefused(yaml.replace("tokens", "words"), "unknown key 'words' in a size");
    assertRefused(yaml.replace("768", "70"), "r.yaml:19: ");
  }

  private static final String SMALL =
      GOOD
          + """
          sizes:
            ${data}/a.txt: {records: 9, tokens: 9}
          miniature:
            leave-out: [again]
            variables: {data: "${recipe}/small", work: small-work}
            sizes: {"${data}/a.txt": {records: 3, tokens: 2}}
          """;

  private Recipe miniature(String yaml, Map<String, String> given) throws IOException {
    Path file = Files.writeString(folder.resolve("r.yaml"), yaml);
    return new RecipeReader(List.of(SampleStage.TYPE)).miniature(file, given);
  }

  @Test
  void aMiniatureHasItsOwnValuesAndSizesAndLeavesStagesOut() throws IOException {
    Recipe recipe = miniature(SMALL, Map.of());

    assertThat(recipe.name()).isEqualTo("sample in miniature");
    assertThat(recipe.work()).isEqualTo(Path.of("small-work"));
    assertThat(recipe.steps()).extracting(Recipe.Step::name).containsExactly("sample");
    assertThat(((SampleStage) recipe.steps().getFirst().stage()).input())
        .isEqualTo(folder.resolve("small/a.txt"));
    assertThat(recipe.sizes())
        .containsOnly(Map.entry(folder.resolve("small/a.txt"), Size.texts(3, 2, 3)));
    assertThat(recipe.expectations()).isEmpty();
  }

  @Test
  void aRecipeWithAMiniatureStaysWhatItIs() throws IOException {
    Recipe recipe = read(SMALL, Map.of());

    assertThat(recipe.name()).isEqualTo("sample");
    assertThat(recipe.steps()).hasSize(2);
    assertThat(recipe.expectations()).hasSize(1);
    assertThat(recipe.sizes())
        .containsOnly(Map.entry(Path.of("corpora/a.txt"), Size.texts(9, 9, 9)));
  }

  @Test
  void givenVariablesReplaceTheMiniaturesToo() throws IOException {
    assertThat(miniature(SMALL, Map.of("work", "mine")).work()).isEqualTo(Path.of("mine"));
  }

  @Test
  void aMiniatureThatTheRecipeDoesNotKnowIsRefusedWhetherItIsWantedOrNot() {
    assertThatThrownBy(() -> miniature(GOOD, Map.of()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("r.yaml: has no 'miniature:'");
    assertRefused(
        SMALL.replace("[again]", "[agian]"), "r.yaml:20: no stage 'agian'; did you mean 'again'?");
    assertRefused(
        SMALL.replace("{data: \"", "{dta: \""),
        "r.yaml:21: no variable 'dta'; did you mean 'data'?");
    assertRefused(
        SMALL.replace("leave-out", "leaveout"),
        "r.yaml:20: unknown key 'leaveout' in miniature; did you mean 'leave-out'?");
  }

  @Test
  void expectationsHaveMeasuresAndATolerance() throws IOException {
    Recipe.Expectation expectation = read(GOOD, Map.of()).expectations().getFirst();

    assertThat(expectation.values())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(Measure.parse("RR@10"), 0.41, Measure.parse("R@100"), 0.8));
    assertThat(expectation.tolerance()).isEqualTo(0.005);
    assertThat(expectation.run()).isEqualTo(folder.resolve("work/bm25.run"));
  }

  @Test
  void givenVariablesReplaceTheRecipesOwn() throws IOException {
    Recipe recipe = read(GOOD, Map.of("data", "mine", "work", "there"));

    assertThat(recipe.work()).isEqualTo(Path.of("there"));
    assertThat(((SampleStage) recipe.steps().getFirst().stage()).input())
        .isEqualTo(Path.of("mine/a.txt"));
  }

  @Test
  void givenVariablesMayReferToOthers() throws IOException {
    Recipe recipe = read(GOOD, Map.of("work", "${data}/there", "data", "mine"));

    assertThat(recipe.work()).isEqualTo(Path.of("mine/there"));
  }

  @Test
  void aVariableThatTheRecipeLacksIsRefused() {
    assertThatThrownBy(() -> read(GOOD, Map.of("dat", "x")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no variable 'dat'; did you mean 'data'?");
  }

  @Test
  void unknownKeysAreRefusedByNameAndLine() {
    assertRefused(
        GOOD.replace("description:", "descriptoin:"),
        "r.yaml:2: unknown key 'descriptoin' in the recipe; did you mean 'description'?");
    assertRefused(
        GOOD.replace("words:", "wrods:"),
        "r.yaml:10: wrods: sample has no setting 'wrods'; did you mean 'words'?");
    assertRefused(
        GOOD.replace("- sample:\n", "- smaple:\n"),
        "r.yaml:7: no stage 'smaple'; did you mean 'sample'?");
    assertRefused(
        GOOD.replace("qrels: ", "qerls: "),
        "r.yaml:15: unknown key 'qerls' in an expectation; did you mean 'qrels'?");
  }

  @Test
  void wrongValuesAreRefusedByNameAndLine() {
    assertRefused(
        GOOD.replace("times: 3", "times: three"),
        "r.yaml:11: times: 'three' is not a whole number");
    assertRefused(GOOD.replace("times: 3", "times: 0"), "r.yaml:11: times is 0");
    assertRefused(GOOD.replace("times: 3", "times: "), "r.yaml:11: times has no value");
    assertRefused(GOOD.replace("RR@10: 0.41", "RR@10: 41"), "r.yaml:16: RR@10: '41'; expected");
    assertRefused(GOOD.replace("RR@10: 0.41", "MRR@@10: 0.4"), "r.yaml:16: ");
  }

  @Test
  void aMissingSettingIsRefusedWithTheLineOfItsStage() {
    assertRefused(
        GOOD.replace("      input: ${data}/a.txt\n", ""), "r.yaml:7: sample needs 'input'");
  }

  @Test
  void anUnknownReferenceIsRefused() {
    assertRefused(
        GOOD.replace("${data}/a.txt", "${dta}/a.txt"),
        "r.yaml:8: '${dta}/a.txt': no variable 'dta'; did you mean 'data'?");
  }

  @Test
  void twoStagesOfOneNameAreRefused() {
    assertRefused(
        GOOD.replace("    as: again\n", ""), "r.yaml:11: a second stage 'sample'; name this one");
  }

  @Test
  void twoAuthorsOfOneOutputAreRefused() {
    assertRefused(
        GOOD.replace("${work}/c.txt", "${work}/b.txt/inside"),
        "r.yaml:11: again and sample (line 7) both write");
  }

  @Test
  void anOutputInThePlaceOfWhatTheUserGaveIsRefused() {
    assertRefused(
        GOOD.replace("${work}/c.txt", "${data}"),
        "r.yaml:11: again would replace " + Path.of("corpora/a.txt").toAbsolutePath());
    assertRefused(
        GOOD.replace("output: ${work}/b.txt", "output: ${data}/a.txt"),
        "which sample (line 7) reads");
  }

  @Test
  void settingsBesideTheirStageAreRefused() {
    assertRefused(
        GOOD.replace("    as: again", "    times: 3"),
        "r.yaml:11: expected one stage in each '-', found sample, times");
  }

  @Test
  void aKeyWrittenTwiceIsRefused() {
    assertRefused(GOOD.replace("times: 3", "times: 3, times: 4"), "'times' twice");
  }

  @Test
  void brokenYamlIsRefusedWithItsLineAndATip() {
    assertRefused(
        GOOD.replace("\"${work}/b.txt\", output", "${work}/b.txt, output"),
        "r.yaml:11: not YAML: ");
    assertRefused(
        GOOD.replace("\"${work}/b.txt\", output", "${work}/b.txt, output"), "needs quotes");
    assertRefused("", "r.yaml: is empty");
    assertRefused("- a\n- b\n", "r.yaml:1: the recipe is a list of 2; expected 'key: value' pairs");
  }

  @Test
  void whatIsMissingIsNamed() {
    assertRefused("name: x\nvariables: {work: w}\n", "r.yaml: no 'stages:'");
    assertRefused("name: x\nstages: []\n", "r.yaml: no variable 'work'");
    assertRefused("name: x\nvariables: {work: w}\nstages: []\n", "r.yaml:3: no stages");
  }
}
