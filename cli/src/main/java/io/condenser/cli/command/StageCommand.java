package io.condenser.cli.command;

import io.condenser.cli.Console;
import io.condenser.cli.Given;
import io.condenser.cli.Parameter;
import io.condenser.cli.Stage;
import io.condenser.cli.StageType;
import io.condenser.storage.InputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;

/**
 * A stage as a command: an option per setting. picocli only collects the texts; {@link
 * StageType#bind} gives them their types, as it does for recipes.
 */
final class StageCommand implements Callable<Integer> {
  private static final int EXAMPLE_COLUMNS = 74;
  private static final Pattern OPTION_START = Pattern.compile(" (?=--)");

  private final StageType stage;
  private final Console console;
  private final CommandSpec spec;

  private StageCommand(StageType stage, Console console) {
    this.stage = stage;
    this.console = console;
    // "bench search" is the command search of the command bench.
    String word = stage.name().substring(stage.name().lastIndexOf(' ') + 1);
    this.spec = CommandSpec.wrapWithoutInspection(this).name(word);
  }

  /** The command line of a stage, to be added to the main program's. */
  static CommandLine of(StageType stage, Console console) {
    StageCommand command = new StageCommand(stage, console);
    command.spec.usageMessage().description(stage.description()).footer(example(stage.example()));
    for (Parameter parameter : stage.parameters()) {
      command.spec.addOption(option(parameter));
      if (parameter.name().equals(stage.positional())) {
        command.spec.addPositional(positional(parameter));
      }
    }
    Condenser.addHelp(command.spec);
    return new CommandLine(command.spec);
  }

  /** An example that can be copied: broken before options, as a shell allows. */
  private static String[] example(String example) {
    List<String> lines = new ArrayList<>(List.of("", "Example:"));
    String line = "  ./condenser";
    for (String part : OPTION_START.splitAsStream(example).toList()) {
      if (line.length() + part.length() > EXAMPLE_COLUMNS) {
        lines.add(line + " \\");
        line = "     ";
      }
      line += " " + part;
    }
    lines.add(line);
    return lines.stream().map(text -> text.replace("%", "%%")).toArray(String[]::new);
  }

  private static OptionSpec option(Parameter parameter) {
    OptionSpec.Builder option =
        OptionSpec.builder("--" + parameter.name()).description(described(parameter));
    if (parameter.isFlag()) {
      return option.type(Boolean.class).arity("0").negatable(true).build();
    }
    option.paramLabel(parameter.label());
    if (parameter.isList()) {
      return option
          .type(List.class)
          .auxiliaryTypes(String.class)
          .arity("1")
          .splitRegex(",")
          .build();
    }
    return option.type(String.class).build();
  }

  private static PositionalParamSpec positional(Parameter parameter) {
    return PositionalParamSpec.builder()
        .type(String.class)
        .arity("0..1")
        .paramLabel(parameter.name().toUpperCase(Locale.ROOT))
        .description("The same as --" + parameter.name())
        .build();
  }

  private static String described(Parameter parameter) {
    String text = parameter.defaultText();
    String ending = "";
    if (parameter.isRequired()) {
      ending = " (required)";
    } else if (text != null) {
      ending = " (default: " + (text.isEmpty() ? "none" : text) + ")";
    }
    return (parameter.description() + ending).replace("%", "%%");
  }

  @Override
  public Integer call() throws Exception {
    Map<String, Given> given = given();
    Stage ready;
    try {
      ready = stage.bind("condenser " + stage.name(), given);
    } catch (InputException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    ready.attempt(console);
    return CommandLine.ExitCode.OK;
  }

  private Map<String, Given> given() {
    Map<String, Given> given = new LinkedHashMap<>();
    for (Parameter parameter : stage.parameters()) {
      OptionSpec option = spec.findOption("--" + parameter.name());
      if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
        given.put(parameter.name(), new Given("--" + parameter.name(), texts(option)));
      }
    }
    for (PositionalParamSpec positional : spec.positionalParameters()) {
      if (positional.getValue() != null && stage.positional() != null) {
        given.put(stage.positional(), new Given(positional.paramLabel(), texts(positional)));
      }
    }
    return given;
  }

  private static List<String> texts(ArgSpec argument) {
    @Nullable Object value = argument.getValue();
    List<String> texts = new ArrayList<>();
    if (value instanceof List<?> several) {
      several.forEach(text -> texts.add(String.valueOf(text)));
    } else {
      texts.add(String.valueOf(value));
    }
    return texts;
  }
}
