package io.condenser.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.condenser.cli.RecordingConsole;
import io.condenser.cli.ablation.Ablation;
import io.condenser.cli.ablation.AblationReader;
import io.condenser.cli.ablation.AblationRun;
import io.condenser.cli.ablation.Part;
import io.condenser.cli.recipe.Recipe;
import io.condenser.cli.recipe.RecipeReader;
import io.condenser.cli.recipe.WorkPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every recipe that we give to users can be read. */
class RecipesTest {
  static final Path ROOT = root();

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("condenser"))) {
      folder = Objects.requireNonNull(folder.getParent(), "no launcher above");
    }
    return folder;
  }

  private static Recipe read(Path file) {
    return new RecipeReader(Stages.ALL).read(file, Map.of());
  }

  @Test
  void theExampleOfTheDocumentation(@TempDir Path folder) throws IOException {
    Matcher example =
        Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(ROOT.resolve("docs/recipes.md")));
    assertThat(example.find()).isTrue();
    Path file = folder.resolve("my-corpus.yaml");
    Files.writeString(file, example.group(1));

    assertThat(read(file).expectations()).isNotEmpty();
  }

  @Test
  void theAblationsOfTheDocumentationAndTheRepository(@TempDir Path folder) throws IOException {
    Matcher example =
        Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(ROOT.resolve("docs/ablations.md")));
    assertThat(example.find()).isTrue();
    Path documented = Files.writeString(folder.resolve("documented.yaml"), example.group(1));
    plan(documented, folder); // finds every file's author
    try (Stream<Path> all = Files.list(ROOT.resolve("ablations"))) {
      assertThat(all.toList())
          .isNotEmpty()
          .allSatisfy(file ->
              assertThat(plan(file, folder).unknown())
                  .as("what cannot be estimated before anything ran")
                  .isEmpty());
    }
  }

  /** For the small corpus in BEIR's layout. */
  private static WorkPlan plan(Path file, Path folder) {
    Map<String, String> given =
        Map.of(
            "data", ROOT.resolve("miniatures/beir").toString(),
            "work", folder.resolve("work").toString());
    Ablation ablation = new AblationReader(Stages.ALL).read(file, given);
    return new AblationRun(ablation, Part.WHOLE, new RecordingConsole()).workPlan();
  }

  @Test
  void theRecipesOfTheRepository() throws IOException {
    Path recipes = ROOT.resolve("recipes");
    if (!Files.isDirectory(recipes)) {
      return; // none yet
    }
    try (Stream<Path> all = Files.list(recipes)) {
      List<Path> files = all.filter(file -> file.toString().endsWith(".yaml")).toList();
      assertThat(files).allSatisfy(file -> assertThat(read(file).steps()).isNotEmpty());
    }
  }
}
