package io.condenser.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.condenser.cli.SampleStage;
import io.condenser.model.Machine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CondenserTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  @TempDir private Path folder;
  private String input = "";
  private String output = "";

  @BeforeEach
  void writeInput() throws IOException {
    Path file = folder.resolve("in.txt");
    Files.writeString(file, "ab");
    input = file.toString();
    output = folder.resolve("out.txt").toString();
  }

  private int run(String... arguments) {
    PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8);
    Terminal terminal =
        new Terminal(new PrintStream(out, true, StandardCharsets.UTF_8), errors, 0, () -> 0L);
    CommandLine line =
        Condenser.commandLine(
            List.of(SampleStage.TYPE.withPositional("remark")), terminal, terminal.errors());
    StringWriter help = new StringWriter();
    line.setOut(new PrintWriter(help));
    int status = line.execute(arguments);
    out.writeBytes(help.toString().getBytes(StandardCharsets.UTF_8));
    return status;
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aStageRunsWithItsDefaults() throws IOException {
    assertThat(run("sample", "--input", input, "--output", output)).isZero();

    assertThat(Files.readString(Path.of(output))).isEqualTo("abab");
    assertThat(out()).isEqualTo("2 [a, b] true AS_THEY_ARE null\n");
    assertThat(err()).isEqualTo("repeating in.txt" + System.lineSeparator());
  }

  @Test
  void optionsAreSpelledAsInRecipes() {
    assertThat(
            run(
                "sample",
                "--input",
                input,
                "--output=" + output,
                "--times",
                "3",
                "--no-loud",
                "--letters",
                "upper",
                "--words",
                "x,y",
                "--words",
                "z",
                "hm"))
        .isZero();

    assertThat(out()).isEqualTo("3 [x, y, z] false UPPER hm\n");
  }

  @Test
  void helpShowsDefaultsChoicesWhatIsRequiredAndAnExample() {
    assertThat(run("sample", "--help")).isZero();

    assertThat(out())
        .contains("--[no-]loud")
        .contains("(default: 2)")
        .contains("(required)")
        .contains("as-they-are|upper")
        .contains("./condenser sample --input a --output b");
    assertThat(err()).isEmpty();
  }

  @Test
  void everyCommandTakesADevice() {
    assertThat(run("sample", "--input", input, "--output", output, "--device", "cpu")).isZero();
    assertThat(run("--device", "cpu", "sample", "--input", input, "--output", output)).isZero();
    for (String command : List.of("run", "ablate", "demo", "sample")) {
      assertThat(run(command, "--help")).isZero();
    }
    assertThat(run("bench", "encode", "--help")).isZero();
    assertThat(out().split("--device=<?auto\\|cpu\\|cuda", -1)).hasSize(6);
  }

  @Test
  void anUnknownDeviceExitsWithTwo() {
    assertThat(run("sample", "--input", input, "--output", output, "--device", "gpu")).isEqualTo(2);
    assertThat(err())
        .contains("--device: 'gpu' is not one of auto, cpu, cuda", "'./condenser sample --help'");
  }

  @Test
  void aDeviceThatIsNotThereExitsWithOneBeforeAnythingIsDone() {
    Assumptions.assumeTrue(Machine.gpus().isEmpty(), "this machine has a GPU");
    assertThat(run("sample", "--input", input, "--output", output, "--device", "cuda"))
        .isEqualTo(1);
    assertThat(err()).contains("condenser: device is cuda, but ");
    assertThat(Path.of(output)).doesNotExist();
  }

  @Test
  void theMainHelpListsTheCommands() {
    assertThat(run("--help")).isZero();
    assertThat(out()).contains("sample", "Repeats a file.");
  }

  @Test
  void wrongUsageExitsWithTwoAndSaysWhatWasMeant() {
    assertThat(run("sample", "--input", input, "--outptu", output)).isEqualTo(2);
    assertThat(err())
        .contains(
            "condenser sample: no option '--outptu'; did you mean '--output'?",
            "'./condenser sample --help'");
    assertThat(out()).isEmpty();
  }

  @Test
  void anUnknownCommandExitsWithTwo() {
    assertThat(run("smaple")).isEqualTo(2);
    assertThat(err()).contains("condenser: no command 'smaple'; did you mean 'sample'?");
  }

  @Test
  void aWordTooManyExitsWithTwo() {
    assertThat(run("sample", "--input", input, "--output", output, "remark", "more")).isEqualTo(2);
    assertThat(err()).contains("condenser sample: unexpected 'more'");
  }

  @Test
  void noCommandExitsWithTwo() {
    assertThat(run()).isEqualTo(2);
    assertThat(err()).contains("COMMAND");
  }

  @Test
  void aMissingSettingExitsWithTwo() {
    assertThat(run("sample", "--input", input)).isEqualTo(2);
    assertThat(err()).contains("'output'");
  }

  @Test
  void aWrongValueExitsWithTwo() {
    assertThat(run("sample", "--input", input, "--output", output, "--times", "x")).isEqualTo(2);
    assertThat(err()).contains("--times: 'x' is not a whole number");
  }

  @Test
  void aWrongFileExitsWithOneAndOneLine() {
    assertThat(run("sample", "--input", input + "x", "--output", output)).isEqualTo(1);
    assertThat(err()).isEqualToIgnoringNewLines("condenser: " + input + "x: no such file");
  }

  @Test
  void anOutputThatCannotBeWrittenExitsWithOneAndOneLine() throws IOException {
    Files.writeString(Path.of(output), "a file where a folder is needed");

    assertThat(run("sample", "--input", input, "--output", output + "/x")).isEqualTo(1);
    assertThat(err()).contains("condenser: cannot write " + output + "/x");
    assertThat(err().lines()).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void aRecipeRunsInMiniatureIfItHasOne() throws IOException {
    Path recipe = folder.resolve("r.yaml");
    String whole =
        """
        name: r
        variables: {work: %s, from: nowhere}
        stages: [{sample: {input: "${from}", output: "${work}/c.txt"}}]
        """
            .formatted(folder.resolve("work"));
    Files.writeString(recipe, whole);
    assertThat(run("run", recipe.toString(), "--miniature")).isEqualTo(1);
    assertThat(err()).contains("r.yaml: has no 'miniature:', which says how the recipe runs");

    Files.writeString(recipe, whole + "miniature: {variables: {from: " + input + "}}\n");
    assertThat(run("run", recipe.toString(), "--miniature", "--plan")).isZero();
    assertThat(folder.resolve("work")).doesNotExist();
    assertThat(run("run", recipe.toString(), "--miniature")).isZero();
    assertThat(folder.resolve("work/c.txt")).hasContent("abab");
    assertThat(run("run", recipe.toString())).isEqualTo(1);
  }

  @Test
  void numbersHaveTheSameDigitsInEveryCountry() throws IOException, InterruptedException {
    Path qrels = Files.writeString(folder.resolve("qrels.tsv"), "q 0 p 1\n");
    Path run = Files.writeString(folder.resolve("a.run"), "q 0 p 1\n");
    Path printed = folder.resolve("printed.txt");
    Process persian =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Duser.language=fa",
                "-Duser.country=IR",
                "-cp",
                System.getProperty("java.class.path"),
                Condenser.class.getName(),
                "evaluate",
                "--qrels=" + qrels,
                "--run=" + run,
                "--measures=RR@10") // fails, and counts columns in its message
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile())
            .start();
    assertThat(persian.waitFor()).isEqualTo(1);
    assertThat(printed).content().contains("a.run:1: 4 columns; expected the 6");
  }

  @Test
  void aMistakeOfOursShowsItsStackTrace() {
    assertThat(run("sample", "--input", input, "--output", output, "fail")).isEqualTo(1);
    assertThat(err()).contains("internal error", "broken inside", "at io.condenser.cli");
  }

  @Test
  void memoryThatDoesNotSufficeIsNoMistakeOfOurs() {
    assertThat(run("sample", "--input", input, "--output", output, "fill")).isEqualTo(1);
    assertThat(err())
        .contains("condenser: out of memory (", "with a smaller chunk-tokens")
        .doesNotContain("internal error");
  }

  @Test
  void benchPrintsATableOrJson() {
    String[] small = {"bench", "search", "--passages", "200", "--dimension", "8", "--times", "1"};
    assertThat(run(small)).isZero();
    assertThat(out()).contains("search 1 of 200×8", "search 64 of 200×8", "rows/s");

    out.reset();
    assertThat(run("bench", "index", "--passages", "20", "--times", "1", "--json")).isZero();
    assertThat(out()).startsWith("[").contains("\"rows_per_second\"");
  }
}
