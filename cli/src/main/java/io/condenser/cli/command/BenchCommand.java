package io.condenser.cli.command;

import io.condenser.cli.Console;
import io.condenser.cli.StageType;
import io.condenser.cli.bench.Benches;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** {@code bench}: a command for each kind of benchmark. */
final class BenchCommand {
  private BenchCommand() {}

  /** The command line of {@code bench}, to be added to the main program's. */
  static CommandLine of(Console console) {
    CommandSpec spec = CommandSpec.create().name("bench");
    spec.usageMessage()
        .description("Measures what each part of the work costs on this machine.")
        .synopsisSubcommandLabel("WHAT")
        .commandListHeading("%nWhat:%n")
        .footer("", "Example:", "  ./condenser bench pretrain --shapes 6x384");
    Condenser.addHelp(spec);
    CommandLine line = new CommandLine(spec);
    for (StageType bench : Benches.ALL) {
      line.addSubcommand(StageCommand.of(bench, console));
    }
    return line;
  }
}
