package io.condenser.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.condenser.cli.SampleStage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A demo whose recipe only repeats a file. */
class DemoCommandTest {
  @TempDir private Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void itRunsTheRecipeOfItsHomeAndTellsWhatToAskNext() throws IOException {
    writeRecipe();
    Path work = folder.resolve("elsewhere/work");
    assertThat(run(folder.toString(), "demo", "--work", work.toString())).isZero();
    assertThat(work.resolve("out.txt")).hasContent("abab");
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("2 [a, b] true AS_THEY_ARE null\n");
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains(work.resolve("report.html").toString())
        .contains("./condenser search --work " + work + " \"");
  }

  @Test
  void aPlanRunsNothing() throws IOException {
    writeRecipe();
    Path work = folder.resolve("work");
    assertThat(run(folder.toString(), "demo", "--work", work.toString(), "--plan")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).containsPattern("\\[1/1] sample .* runs\n");
    assertThat(work).doesNotExist();
  }

  @Test
  void withoutItsRecipeItSaysWhatIsMissing() {
    assertThat(run(null, "demo")).isEqualTo(CommandLine.ExitCode.SOFTWARE);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("condenser: " + Path.of("recipes", "demo.yaml") + ": no such file");
  }

  private void writeRecipe() throws IOException {
    Files.writeString(folder.resolve("in.txt"), "ab");
    Path recipe = folder.resolve("recipes/demo.yaml");
    Files.createDirectories(recipe.getParent());
    Files.writeString(
        recipe,
        """
        name: demo
        variables: {work: demo}
        stages:
          - sample:
              input: %s
              output: ${work}/out.txt
        """
            .formatted(folder.resolve("in.txt")));
  }

  private int run(@Nullable String home, String... arguments) {
    Terminal terminal = new Terminal(stream(out), stream(err), 0, () -> 0L);
    CommandLine line =
        Condenser.commandLine(List.of(SampleStage.TYPE), terminal, terminal.errors());
    line.getCommandSpec().removeSubcommand("demo");
    CommandLine demo = DemoCommand.of(List.of(SampleStage.TYPE), terminal, home);
    line.addSubcommand("demo", demo);
    demo.setErr(terminal.errors());
    demo.setExecutionExceptionHandler(line.getExecutionExceptionHandler());
    return line.execute(arguments);
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
