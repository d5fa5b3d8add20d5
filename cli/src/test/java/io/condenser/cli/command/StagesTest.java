package io.condenser.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.condenser.cli.Parameter;
import io.condenser.cli.StageType;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What holds for every kind of stage. */
class StagesTest {
  @Test
  void namesAreUnique() {
    assertThat(Stages.ALL.stream().map(StageType::name)).doesNotHaveDuplicates();
  }

  @Test
  void everyStageIsInTheListOfCommands() throws IOException {
    String table = Files.readString(RecipesTest.ROOT.resolve("docs/commands.md"));
    assertThat(Stages.ALL)
        .allSatisfy(
            stage -> assertThat(table).containsPattern("(?m)^\\| .*`" + stage.name() + "`"));
  }

  @Test
  void everySettingIsDescribedAndHasAReadableDefault() {
    for (StageType stage : Stages.ALL) {
      assertThat(stage.parameters()) // making a Parameter reads its default
          .as(stage.name())
          .isNotEmpty()
          .allSatisfy(parameter -> assertThat(parameter.description()).isNotBlank())
          .allSatisfy(parameter -> assertThat(parameter.label()).isNotBlank());
    }
  }

  @Test
  void everyPositionalIsASetting() {
    for (StageType stage : Stages.ALL) {
      if (stage.positional() != null) {
        assertThat(stage.parameters().stream().map(Parameter::name)).contains(stage.positional());
      }
    }
  }

  @Test
  void everyExampleNamesOnlySettingsThatAreThereAndAllThatAreRequired() {
    for (StageType stage : Stages.ALL) {
      List<String> words = List.of(stage.example().split("\\s+"));
      assertThat(words.getFirst()).isEqualTo(stage.name());
      List<String> options =
          words.stream().filter(word -> word.startsWith("--")).map(o -> o.substring(2)).toList();
      List<Parameter> parameters = stage.parameters();
      assertThat(parameters.stream().map(Parameter::name))
          .as(stage.name())
          .containsAll(options.stream().map(option -> option.replaceFirst("^no-", "")).toList());
      assertThat(options)
          .as("required settings in the example of " + stage.name())
          .containsAll(
              parameters.stream()
                  .filter(Parameter::isRequired)
                  .map(Parameter::name)
                  .filter(name -> !name.equals(stage.positional()))
                  .toList());
    }
  }
}
