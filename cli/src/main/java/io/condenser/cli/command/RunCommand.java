package io.condenser.cli.command;

import io.condenser.cli.Console;
import io.condenser.cli.StageType;
import io.condenser.cli.recipe.Recipe;
import io.condenser.cli.recipe.RecipeReader;
import io.condenser.cli.recipe.RecipeRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code run RECIPE.yaml}. */
@Command(
    name = "run",
    description = {
      "Runs a recipe: every stage with its settings, then its expected measures.",
      "Stages whose settings and inputs are unchanged are kept; a killed run goes on.",
      "docs/recipes.md explains the format."
    },
    footer = {
      "",
      "Example:",
      "  ./condenser run my-corpus.yaml --set data=elsewhere --set work=work/elsewhere",
      "  ./condenser run recipes/msmarco.yaml --miniature"
    })
final class RunCommand implements Callable<Integer> {
  private final List<StageType> stages;
  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "RECIPE", description = "A YAML file")
  private Path recipe = Path.of("");

  @Option(
      names = "--set",
      paramLabel = "VARIABLE=VALUE",
      description = "Give a variable of the recipe another value; may be repeated")
  private Map<String, String> variables = new LinkedHashMap<>();

  @Option(
      names = "--from",
      paramLabel = "STAGE",
      description = "Run this stage and all after it again; what they wrote is deleted first")
  private @Nullable String from;

  @Option(
      names = {"--plan", "--dry-run"},
      description = "Only say which stages would run, and about what they take: time, disk, memory")
  private boolean plan;

  @Option(
      names = "--miniature",
      description =
          "Run the recipe on the small data that it names, whole and in minutes: to try, not to measure")
  private boolean miniature;

  private RunCommand(List<StageType> stages, Console console) {
    this.stages = stages;
    this.console = console;
  }

  /** The command line of {@code run}, to be added to the main program's. */
  static CommandLine of(List<StageType> stages, Console console) {
    CommandLine line = new CommandLine(new RunCommand(stages, console));
    Condenser.addHelp(line.getCommandSpec());
    return line;
  }

  @Override
  public Integer call() throws IOException {
    RecipeReader reader = new RecipeReader(stages);
    Recipe ready = miniature ? reader.miniature(recipe, variables) : reader.read(recipe, variables);
    RecipeRun run = new RecipeRun(ready, console);
    if (plan) {
      run.plan(from);
    } else {
      console.say(ready.name() + (ready.description().isEmpty() ? "" : ": " + ready.description()));
      run.run(from, spec.root().commandLine().getParseResult().originalArgs());
    }
    return CommandLine.ExitCode.OK;
  }
}
