package io.condenser.storage;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the user gave cannot be used: a file, a setting, an option. The message stands alone: what
 * was read and where, what was expected, what to do. The command line prints it without a stack
 * trace and exits with status 1.
 */
public final class InputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InputException(String message) {
    super(message);
  }

  public InputException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** A problem with a file as a whole. */
  public static InputException in(Path file, String problem) {
    return new InputException(file + ": " + problem);
  }

  /** A problem with a file as a whole, with what caused it. */
  public static InputException in(Path file, String problem, Throwable cause) {
    return new InputException(file + ": " + problem, cause);
  }

  /** A problem with one line (1 is the first) of a text file. */
  public static InputException at(Path file, long line, String problem) {
    return new InputException(file + ":" + line + ": " + problem);
  }

  /** A problem with one line (1 is the first) of a text file, with what caused it. */
  public static InputException at(Path file, long line, String problem, Throwable cause) {
    return new InputException(file + ":" + line + ": " + problem, cause);
  }
}
