package io.condenser.cli;

import java.util.ArrayList;
import java.util.List;

/** A console that keeps what was said. */
public final class RecordingConsole implements Console {
  public final List<String> remarks = new ArrayList<>();
  public final List<String> results = new ArrayList<>();

  @Override
  public void say(String line) {
    remarks.add(line);
  }

  @Override
  public void result(String text) {
    results.add(text);
  }

  @Override
  public Progress progress(String what, long total, String unit) {
    return new Progress() {
      @Override
      public void resumed(long before) {}

      @Override
      public void at(long done) {}

      @Override
      public void note(String text) {}

      @Override
      public void close() {}
    };
  }
}
