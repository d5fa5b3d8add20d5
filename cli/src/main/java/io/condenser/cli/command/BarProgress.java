package io.condenser.cli.command;

import io.condenser.cli.Console;
import java.io.PrintStream;
import java.time.Duration;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** Progress on a terminal: a bar with rate and time left. */
final class BarProgress implements Console.Progress {
  private static final int REDRAW_MILLIS = 500;

  private final PrintStream err;
  private final ProgressBarBuilder builder;
  private ProgressBar bar;
  private final Runnable whenClosed;
  private boolean closed;

  BarProgress(
      PrintStream err, int columns, String what, long total, String unit, Runnable whenClosed) {
    this.err = err;
    this.builder =
        new ProgressBarBuilder()
            .setTaskName(what)
            .setInitialMax(total)
            .setUnit(" " + unit, 1)
            .showSpeed()
            .setUpdateIntervalMillis(REDRAW_MILLIS)
            .setConsumer(
                new DelegatingProgressBarConsumer(line -> err.print("\r" + line), columns - 1));
    this.bar = builder.build();
    this.whenClosed = whenClosed;
  }

  @Override
  public void resumed(long before) {
    bar.close();
    bar = builder.startsFrom(before, Duration.ZERO).build();
  }

  @Override
  public void at(long done) {
    bar.stepTo(done);
  }

  @Override
  public void note(String text) {
    bar.setExtraMessage(" " + text);
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      bar.close();
      err.println();
      whenClosed.run();
    }
  }
}
