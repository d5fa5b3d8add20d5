package io.condenser.cli.recipe;

import io.condenser.cli.Console;

/** Passes everything on, and keeps the results for the record of the run. */
final class RecordingConsole implements Console {
  private final Console console;
  private final StringBuilder results = new StringBuilder();

  RecordingConsole(Console console) {
    this.console = console;
  }

  /** All results so far, a line end after each. */
  synchronized String results() {
    return results.toString();
  }

  @Override
  public void say(String line) {
    console.say(line);
  }

  @Override
  public synchronized void result(String text) {
    console.result(text);
    results.append(text).append('\n');
  }

  @Override
  public Progress progress(String what, long total, String unit) {
    return console.progress(what, total, unit);
  }
}
