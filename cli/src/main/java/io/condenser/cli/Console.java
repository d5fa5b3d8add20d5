package io.condenser.cli;

/** What people see while a command works. Nothing here goes to standard output but results. */
public interface Console {
  /** A remark, on standard error. */
  void say(String line);

  /** A result, on standard output. */
  void result(String text);

  /**
   * Shows how far long work is: a bar on a terminal, a plain line every few seconds elsewhere.
   *
   * @param what what is being done, e.g. {@code encode}
   * @param total steps in all, or -1 if unknown
   * @param unit what a step is, e.g. {@code passages}
   */
  Progress progress(String what, long total, String unit);

  /** A bar, or its plain lines. */
  interface Progress extends AutoCloseable {
    /** So many steps were done before this began: they count for nothing in its rate. */
    void resumed(long before);

    /** So many steps are done in all. */
    void at(long done);

    /** A short text behind the bar, e.g. {@code loss 3.21}. */
    void note(String text);

    @Override
    void close();
  }
}
