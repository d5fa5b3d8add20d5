package io.condenser.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.cli.Console.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TerminalTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private long nanos;

  private Terminal terminal(int columns) {
    return new Terminal(stream(out), stream(err), columns, () -> nanos);
  }

  private static PrintStream stream(OutputStream to) {
    return new PrintStream(to, true, StandardCharsets.UTF_8);
  }

  private void seconds(long seconds) {
    nanos = TimeUnit.SECONDS.toNanos(seconds);
  }

  @Test
  void resultsAloneGoToStandardOutput() {
    Terminal terminal = terminal(0);
    terminal.say("working");
    terminal.result("0.41 précis");

    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("0.41 précis\n");
    assertThat(err.toString(StandardCharsets.UTF_8)).isEqualToIgnoringNewLines("working");
  }

  @Test
  void plainProgressSpeaksEveryTenSecondsAndAtTheEnd() {
    try (Progress progress = terminal(0).progress("encode", 1000, "passages")) {
      seconds(4);
      progress.at(40);
      seconds(10);
      progress.at(100);
      progress.note("loss 3.2");
      seconds(19);
      progress.at(190);
      seconds(20);
      progress.at(200);
      seconds(21);
    }

    assertThat(err.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "encode: 100/1000 passages, 10/s, 1 min 30 s left",
            "encode: 200/1000 passages, 10/s, 1 min 20 s left, loss 3.2",
            "encode: 200 passages in 21 s, loss 3.2");
  }

  @Test
  void whatWasDoneBeforeCountsForNothingInTheRate() {
    try (Progress progress = terminal(0).progress("train", 1000, "steps")) {
      progress.resumed(600);
      seconds(10);
      progress.at(700);
      seconds(20);
      progress.at(800);
    }

    assertThat(err.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "train: 700/1000 steps, 10/s, 30 s left",
            "train: 800/1000 steps, 10/s, 20 s left",
            "train: 200 more steps in 20 s");
  }

  @Test
  void aBarGoesOnWhereItsWorkDoes() {
    try (Progress progress = terminal(80).progress("train", 1000, "steps")) {
      progress.resumed(600);
    }

    assertThat(err.toString(StandardCharsets.UTF_8)).contains("600/1000");
  }

  @Test
  void shortWorkIsSilent() {
    terminal(0).progress("encode", 3, "passages").close();
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void aBarShowsItsTaskAndARemarkClearsItsLine() {
    Terminal terminal = terminal(80);
    try (Progress progress = terminal.progress("encode", 10, "passages")) {
      progress.at(10);
      terminal.say("halfway");
    }
    terminal.say("done");

    String shown = err.toString(StandardCharsets.UTF_8);
    assertThat(shown).contains("encode", "10/10", "\r\u001b[Khalfway");
    assertThat(shown).endsWith(System.lineSeparator() + "done" + System.lineSeparator());
    assertThat(out.size()).isZero();
  }

  @Test
  void resultsThatCannotBeWrittenAreAnError() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    Terminal terminal = new Terminal(stream(full), stream(err), 0, () -> nanos);

    assertThatThrownBy(() -> terminal.result("x")).isInstanceOf(UncheckedIOException.class);
  }
}
