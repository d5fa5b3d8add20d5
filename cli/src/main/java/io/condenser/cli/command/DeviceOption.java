package io.condenser.cli.command;

import io.condenser.cli.Parameter;
import io.condenser.model.Device;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/**
 * {@code --device}, which every command takes: not what is computed, but what computes it, so that
 * it is no setting of a stage and decides no result.
 */
final class DeviceOption {
  private static final String NAME = "--device";

  private DeviceOption() {}

  /** The option of the main program, which its commands inherit. */
  static OptionSpec spec() {
    return OptionSpec.builder(NAME)
        .scopeType(ScopeType.INHERIT)
        .type(String.class)
        .paramLabel(choices("|"))
        .description("What computes with models (default: auto, a GPU where there is one)")
        .build();
  }

  /** What was asked for; auto where nothing was. */
  static Device in(ParseResult parsed) {
    ParseResult command = parsed;
    while (!command.hasMatchedOption(NAME) && command.hasSubcommand()) {
      command = command.subcommand();
    }
    String text = command.matchedOptionValue(NAME, Parameter.written(Device.AUTO));
    ParseResult where = command;
    return Arrays.stream(Device.values())
        .filter(device -> Parameter.written(device).equals(text))
        .findFirst()
        .orElseThrow(() ->
            new ParameterException(
                where.commandSpec().commandLine(),
                "%s: '%s' is not one of %s".formatted(NAME, text, choices(", "))));
  }

  private static String choices(String separator) {
    return Arrays.stream(Device.values())
        .map(Parameter::written)
        .collect(Collectors.joining(separator));
  }
}
