package io.condenser.storage;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Files whose content may be gzipped, which their first two bytes tell, whatever their names. */
public final class Unzipped {
  static final int BUFFER_BYTES = 1 << 16;

  private Unzipped() {}

  /**
   * Refuses a pipe, whose content is gone after one reading.
   *
   * @throws InputException if there is something else than a regular file
   */
  public static void requireRereadable(Path file) {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw InputException.in(file, "is no regular file; it is read twice, so write it to one");
    }
  }

  /**
   * Opens a file for reading what it says, unzipped. The stream can be marked.
   *
   * @throws InputException if there is no such file, or it is a folder
   */
  public static InputStream open(Path file) {
    try {
      if (Files.isDirectory(file)) {
        throw InputException.in(file, "is a folder; expected a file");
      }
      InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
      raw.mark(2);
      boolean gzip = raw.read() == 0x1f && raw.read() == 0x8b;
      raw.reset();
      return gzip ? new BufferedInputStream(new GZIPInputStream(raw, BUFFER_BYTES)) : raw;
    } catch (NoSuchFileException e) {
      throw InputException.in(file, "no such file", e);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
  }
}
