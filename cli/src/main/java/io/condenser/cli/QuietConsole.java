package io.condenser.cli;

/** Says nothing: for processes that work beside one that does. */
public final class QuietConsole implements Console {
  @Override
  public void say(String line) {}

  @Override
  public void result(String text) {}

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
