package io.condenser.cli.recipe;

import io.condenser.cli.Console;
import java.util.ArrayList;
import java.util.List;

/** Keeps what is said. */
final class RecordedConsole implements Console {
  final List<String> said = new ArrayList<>();
  final List<String> results = new ArrayList<>();

  @Override
  public void say(String line) {
    said.add(line);
  }

  @Override
  public void result(String text) {
    results.add(text);
  }

  @Override
  public Progress progress(String what, long total, String unit) {
    throw new UnsupportedOperationException("no test stage shows progress");
  }
}
