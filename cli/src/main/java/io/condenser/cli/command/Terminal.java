package io.condenser.cli.command;

import io.condenser.cli.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;

/**
 * The console of a process: results on standard output, all else on standard error, both UTF-8.
 * Safe for use by several threads.
 */
final class Terminal implements Console {
  /** Set by the launcher where standard error is a terminal: how wide it is. */
  private static final String COLUMNS = "condenser.columns";

  /** Clears the line that a bar is on, so that a remark does not run into it. */
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintStream out;
  private final PrintStream err;
  private final int columns;
  private final LongSupplier nanoTime;
  private int openBars;

  /**
   * A console.
   *
   * @param out for results
   * @param err for all else
   * @param columns width of the terminal that {@code err} is, or 0 if it is none
   * @param nanoTime a clock
   */
  Terminal(PrintStream out, PrintStream err, int columns, LongSupplier nanoTime) {
    this.out = out;
    this.err = err;
    this.columns = columns;
    this.nanoTime = nanoTime;
  }

  /** The console of this process. */
  static Terminal ofProcess() {
    return new Terminal(
        stream(FileDescriptor.out),
        stream(FileDescriptor.err),
        Integer.getInteger(COLUMNS, 0),
        System::nanoTime);
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  /** Standard error, for messages that are not a stage's. */
  PrintWriter errors() {
    return new PrintWriter(err, true, StandardCharsets.UTF_8);
  }

  @Override
  public synchronized void say(String line) {
    err.println(openBars > 0 ? CLEAR_LINE + line : line);
  }

  @Override
  public synchronized void result(String text) {
    out.print(text.endsWith("\n") ? text : text + "\n");
    if (out.checkError()) {
      throw new UncheckedIOException(
          "cannot write to standard output: it is closed, or its disk is full",
          new IOException("standard output failed"));
    }
  }

  @Override
  public Progress progress(String what, long total, String unit) {
    if (columns <= 0) {
      return new PlainProgress(this, what, total, unit, nanoTime);
    }
    count(1);
    return new BarProgress(err, columns, what, total, unit, () -> count(-1));
  }

  private synchronized void count(int change) {
    openBars += change;
  }
}
