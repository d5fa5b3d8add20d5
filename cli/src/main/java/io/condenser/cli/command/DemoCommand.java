package io.condenser.cli.command;

import io.condenser.cli.Console;
import io.condenser.cli.StageType;
import io.condenser.cli.recipe.Recipe;
import io.condenser.cli.recipe.RecipeReader;
import io.condenser.cli.recipe.RecipeRun;
import io.condenser.storage.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code demo}: {@code run recipes/demo.yaml}, from whatever folder it is called. */
@Command(
    name = "demo",
    description = {
      "Runs the whole job on a corpus that it fetches itself: the Javadoc of three libraries.",
      "Pre-trains, fine-tunes in two rounds, compares; takes about ten minutes on two cores.",
      "Called again, it keeps what is done and goes on where it was."
    },
    footer = {"", "Example:", "  ./condenser demo"})
final class DemoCommand implements Callable<Integer> {
  private static final Path RECIPE = Path.of("recipes", "demo.yaml");

  private final List<StageType> stages;
  private final Console console;
  private final @Nullable String home;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--work",
      paramLabel = "FOLDER",
      description = "Folder for all that is made (default: ${DEFAULT-VALUE})",
      defaultValue = "demo")
  private String work = "demo";

  @Option(
      names = {"--plan", "--dry-run"},
      description = "Only say which stages would run, and about what they take: time, disk, memory")
  private boolean plan;

  private DemoCommand(List<StageType> stages, Console console, @Nullable String home) {
    this.stages = stages;
    this.console = console;
    this.home = home;
  }

  /**
   * The command line of {@code demo}, to be added to the main program's.
   *
   * @param home the folder that holds {@code recipes/}; null if the launcher did not tell
   */
  static CommandLine of(List<StageType> stages, Console console, @Nullable String home) {
    CommandLine line = new CommandLine(new DemoCommand(stages, console, home));
    Condenser.addHelp(line.getCommandSpec());
    return line;
  }

  @Override
  public Integer call() throws IOException {
    Recipe recipe = new RecipeReader(stages).read(recipe(), Map.of(Recipe.WORK, work));
    RecipeRun run = new RecipeRun(recipe, console);
    if (plan) {
      run.plan(null);
      return CommandLine.ExitCode.OK;
    }
    console.say(recipe.name() + ": " + recipe.description());
    run.run(null, spec.root().commandLine().getParseResult().originalArgs());
    console.say("");
    console.say("The page about it: " + Path.of(work).resolve("report.html"));
    console.say("Now ask it something of your own:");
    console.say("  ./condenser search --work " + work + " \"wait until all threads are done\"");
    return CommandLine.ExitCode.OK;
  }

  private Path recipe() {
    Path folder = Path.of(home == null ? "" : home);
    Path recipe = folder.resolve(RECIPE);
    if (!Files.isRegularFile(recipe)) {
      throw InputException.in(
          recipe, "no such file; run ./condenser of a whole copy of the repository");
    }
    return recipe;
  }
}
