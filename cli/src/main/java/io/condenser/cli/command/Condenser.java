package io.condenser.cli.command;

import io.condenser.cli.Console;
import io.condenser.cli.Nearest;
import io.condenser.cli.StageType;
import io.condenser.model.Machine;
import io.condenser.storage.InputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The main program. Results alone go to standard output, all else to standard error. Exit status: 0
 * done, 1 failed, 2 wrong usage.
 */
public final class Condenser {
  /** Held, because a logger that nobody holds forgets its level. */
  private static final Logger VECTORIZATION =
      Logger.getLogger("org.apache.lucene.internal.vectorization.VectorizationProvider");

  /** The exit status of what was interrupted, as shells have it. */
  private static final int INTERRUPTED = 130;

  private Condenser() {}

  /** Runs one command and ends the process with its exit status. */
  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT); // numbers are read by programs, whatever digits a country has
    // It would ask every user for the Vector API's module, at which the JVM itself warns.
    VECTORIZATION.setLevel(Level.SEVERE);
    Terminal terminal = Terminal.ofProcess();
    AtomicBoolean ended = new AtomicBoolean();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> {
              if (!ended.get()) { // Ctrl-C, or another signal
                Machine.exit(INTERRUPTED);
              }
            }));
    int status = commandLine(Stages.ALL, terminal, terminal.errors()).execute(arguments);
    ended.set(true);
    System.exit(status);
  }

  /**
   * The whole command line.
   *
   * @param stages kinds of stages that become commands
   * @param console where commands speak
   * @param errors where errors and wrong usage are explained
   */
  static CommandLine commandLine(List<StageType> stages, Console console, PrintWriter errors) {
    CommandSpec spec = CommandSpec.create().name("condenser");
    spec.usageMessage()
        .description("Turns a pile of text into a search engine that understands it: coCondenser.")
        .synopsisSubcommandLabel("COMMAND")
        .commandListHeading("%nCommands:%n")
        .footer("", "./condenser COMMAND --help explains each, with an example.");
    addHelp(spec);
    spec.addOption(DeviceOption.spec());
    CommandLine line = new CommandLine(spec);
    line.addSubcommand(
        "demo", DemoCommand.of(stages, console, System.getProperty("condenser.home")));
    line.addSubcommand("run", RunCommand.of(stages, console));
    line.addSubcommand("ablate", AblateCommand.of(stages, console));
    for (StageType stage : stages) {
      line.addSubcommand(stage.name(), StageCommand.of(stage, console));
    }
    line.addSubcommand("bench", BenchCommand.of(console));
    line.setErr(errors);
    line.setParameterExceptionHandler((wrong, arguments) -> explain(wrong));
    line.setExecutionExceptionHandler(failures());
    line.setExecutionStrategy(Condenser::execute);
    line.setUsageHelpAutoWidth(true);
    return line;
  }

  /** Gives a command {@code --help}. */
  static void addHelp(CommandSpec spec) {
    spec.addOption(
        OptionSpec.builder("-h", "--help").usageHelp(true).description("Show this help.").build());
    spec.usageMessage().sortOptions(false).abbreviateSynopsis(true);
  }

  /** Runs the command that was given, on the device that was asked for. */
  private static int execute(ParseResult parsed) {
    CommandLine line = parsed.commandSpec().commandLine();
    try {
      Machine.useDevice(DeviceOption.in(parsed));
      return new RunLast().execute(parsed);
    } catch (InputException e) {
      throw new ExecutionException(line, String.valueOf(e.getMessage()), e);
    } catch (UnsatisfiedLinkError e) {
      line.getErr().println("condenser: " + Machine.explain(e));
      line.getErr().flush();
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  /** Wrong usage: what is wrong, what may have been meant, where help is. */
  private static int explain(ParameterException wrong) {
    CommandLine command = wrong.getCommandLine();
    PrintWriter err = command.getErr();
    if (command.getParent() == null && command.getParseResult().originalArgs().isEmpty()) {
      command.usage(err);
      return CommandLine.ExitCode.USAGE;
    }
    String name = command.getCommandSpec().qualifiedName();
    err.println(
        wrong instanceof UnmatchedArgumentException unmatched
            ? name + ": " + unknown(unmatched.getUnmatched().getFirst(), command)
            : wrong.getMessage());
    err.println("'./" + name + " --help' explains the command.");
    err.flush();
    return CommandLine.ExitCode.USAGE;
  }

  private static String unknown(String word, CommandLine command) {
    if (word.startsWith("-")) {
      String option = word.replaceFirst("=.*", "");
      List<String> options =
          command.getCommandSpec().options().stream().map(OptionSpec::longestName).toList();
      return "no option '%s'%s".formatted(option, Nearest.hint(option, options));
    }
    return command.getSubcommands().isEmpty()
        ? "unexpected '" + word + "'"
        : "no command '%s'%s"
            .formatted(word, Nearest.hint(word, command.getSubcommands().keySet()));
  }

  private static IExecutionExceptionHandler failures() {
    return (Exception failure, CommandLine command, ParseResult parsed) -> {
      PrintWriter err = command.getErr();
      switch (failure) {
        case InputException e -> err.println("condenser: " + e.getMessage());
        case UncheckedIOException e -> err.println("condenser: " + e.getMessage());
        case FileSystemException e -> err.println("condenser: " + e.getFile() + ": " + reason(e));
        case IOException e -> err.println("condenser: " + reason(e));
        default -> {
          err.println("condenser: internal error, a mistake of ours; please report what follows");
          failure.printStackTrace(err);
        }
      }
      err.flush();
      return CommandLine.ExitCode.SOFTWARE;
    };
  }

  private static String reason(IOException e) {
    String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    return reason == null ? e.getClass().getSimpleName() : reason;
  }
}
