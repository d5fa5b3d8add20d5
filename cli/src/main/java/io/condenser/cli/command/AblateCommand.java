package io.condenser.cli.command;

import io.condenser.cli.Console;
import io.condenser.cli.StageType;
import io.condenser.cli.ablation.Ablation;
import io.condenser.cli.ablation.AblationReader;
import io.condenser.cli.ablation.AblationRun;
import io.condenser.cli.ablation.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ablate FILE.yaml}. */
@Command(
    name = "ablate",
    description = {
      "Runs a recipe over a grid of settings and seeds, equal work once, and writes its tables.",
      "What is done is kept; a killed ablation goes on.",
      "docs/ablations.md explains the format."
    },
    footer = {
      "",
      "Example:",
      "  ./condenser ablate ablations/example.yaml --set data=my-corpus --set work=work/ablation"
    })
final class AblateCommand implements Callable<Integer> {
  private final List<StageType> stages;
  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "FILE", description = "A YAML file")
  private Path file = Path.of("");

  @Option(
      names = "--set",
      paramLabel = "VARIABLE=VALUE",
      description = "Give a variable another value; may be repeated")
  private Map<String, String> variables = new LinkedHashMap<>();

  @Option(
      names = "--only",
      paramLabel = "AXIS=LABEL",
      description =
          "Run only the cells with this label; may be repeated, labels of one axis add up;"
              + " baselines=NAME chooses baselines")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--seeds",
      paramLabel = "SEED",
      split = ",",
      description = "Run only these seeds of the ablation's, e.g. 1,2")
  private List<Long> seeds = new ArrayList<>();

  @Option(
      names = {"--plan", "--dry-run"},
      description = "Only say which stages would run, and what they will take")
  private boolean plan;

  @Option(names = "--report", description = "Only write the results of the trials that are done")
  private boolean report;

  private AblateCommand(List<StageType> stages, Console console) {
    this.stages = stages;
    this.console = console;
  }

  /** The command line of {@code ablate}, to be added to the main program's. */
  static CommandLine of(List<StageType> stages, Console console) {
    CommandLine line = new CommandLine(new AblateCommand(stages, console));
    Condenser.addHelp(line.getCommandSpec());
    return line;
  }

  @Override
  public Integer call() throws IOException {
    Ablation ablation = new AblationReader(stages).read(file, variables);
    AblationRun run = new AblationRun(ablation, Part.of(ablation, only, seeds), console);
    if (plan) {
      run.plan();
    } else if (report) {
      run.report();
    } else {
      console.say(
          ablation.name()
              + (ablation.description().isEmpty() ? "" : ": " + ablation.description()));
      run.run(spec.root().commandLine().getParseResult().originalArgs());
    }
    return CommandLine.ExitCode.OK;
  }
}
