package io.condenser.cli.command;

import io.condenser.cli.Console;
import io.condenser.cli.Elapsed;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Progress where there is no terminal: a line every ten seconds, and one at the end of long work.
 */
final class PlainProgress implements Console.Progress {
  private static final double INTERVAL_SECONDS = 10;
  private static final double WORTH_A_LINE_SECONDS = 1;

  private final Console console;
  private final String what;
  private final long total;
  private final String unit;
  private final LongSupplier nanoTime;
  private final long start;
  private long before;
  private long done;
  private double saidAt;
  private String note = "";

  PlainProgress(Console console, String what, long total, String unit, LongSupplier nanoTime) {
    this.console = console;
    this.what = what;
    this.total = total;
    this.unit = unit;
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
  }

  @Override
  public synchronized void resumed(long doneBefore) {
    before = doneBefore;
    done = doneBefore;
  }

  @Override
  public synchronized void at(long nowDone) {
    done = nowDone;
    double seconds = seconds();
    if (seconds - saidAt >= INTERVAL_SECONDS) {
      saidAt = seconds;
      console.say(line(seconds));
    }
  }

  @Override
  public synchronized void note(String text) {
    note = text;
  }

  @Override
  public synchronized void close() {
    double seconds = seconds();
    if (seconds >= WORTH_A_LINE_SECONDS) {
      String more = before == 0 ? "" : " more";
      console.say(
          "%s: %d%s %s in %s%s"
              .formatted(what, done - before, more, unit, Elapsed.of(seconds), behind()));
    }
  }

  private String line(double seconds) {
    double rate = (done - before) / seconds;
    String of = total < 0 ? "" : "/" + total;
    String left = total < 0 || rate == 0 ? "" : ", " + Elapsed.of((total - done) / rate) + " left";
    return "%s: %d%s %s, %s/s%s%s".formatted(what, done, of, unit, rounded(rate), left, behind());
  }

  private static String rounded(double rate) {
    return String.format(Locale.ROOT, rate < 10 ? "%.2f" : "%.0f", rate);
  }

  private String behind() {
    return note.isEmpty() ? "" : ", " + note;
  }

  private double seconds() {
    return (nanoTime.getAsLong() - start) / 1e9;
  }
}
