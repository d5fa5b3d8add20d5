package io.condenser.storage;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a text file line by line without holding more than one. Gzip is recognised by its first two
 * bytes, whatever the file is called. Text is strict UTF-8 (a leading byte-order mark is dropped);
 * a line ends with {@code \n} or {@code \r\n}.
 *
 * <p>Not safe for use by several threads.
 */
public final class Lines implements AutoCloseable {
  private final Path file;
  private final InputStream in;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private final byte[] buffer = new byte[Unzipped.BUFFER_BYTES];
  private int position;
  private int limit;
  private long number;

  private Lines(Path file, InputStream in) {
    this.file = file;
    this.in = in;
  }

  /**
   * Opens a file, gzipped or not.
   *
   * @throws InputException if there is no such file, or it is a folder
   */
  public static Lines open(Path file) {
    return new Lines(file, Unzipped.open(file));
  }

  /** Reads what a file says, unzipped, from a stream that {@link Unzipped} opened. */
  public static Lines of(Path file, InputStream in) {
    return new Lines(file, in);
  }

  /** The file being read. */
  public Path file() {
    return file;
  }

  /** The number of the line that {@link #next} returned last; 1 is the first, 0 before it. */
  public long number() {
    return number;
  }

  /**
   * The next line without its end, or null at the end of the file.
   *
   * @throws InputException if the line is not UTF-8, or the gzip stream is damaged or cut off
   */
  public @Nullable String next() {
    try {
      byte[] line = nextBytes();
      if (line == null) {
        return null;
      }
      number++;
      String text = decoder.decode(ByteBuffer.wrap(line)).toString();
      return number == 1 && text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw InputException.at(file, number, "not valid UTF-8; convert the file to UTF-8 first", e);
    } catch (ZipException | EOFException e) {
      throw InputException.at(
          file, number + 1, "damaged or truncated gzip (" + e.getMessage() + ")", e);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
  }

  /** An error about the line that {@link #next} returned last. */
  public InputException error(String problem) {
    return InputException.at(file, number, problem);
  }

  private byte @Nullable [] nextBytes() throws IOException {
    ByteArrayOutputStream carried = null;
    while (true) {
      if (position == limit) {
        position = 0;
        limit = in.read(buffer, 0, buffer.length);
        if (limit <= 0) {
          limit = 0;
          return carried == null ? null : carried.toByteArray();
        }
      }
      int start = position;
      while (position < limit && buffer[position] != '\n') {
        position++;
      }
      boolean ended = position < limit;
      if (carried == null && ended) {
        int end = position > start && buffer[position - 1] == '\r' ? position - 1 : position;
        position++;
        return Arrays.copyOfRange(buffer, start, end);
      }
      carried = carried == null ? new ByteArrayOutputStream() : carried;
      carried.write(buffer, start, position - start);
      if (ended) {
        position++;
        byte[] line = carried.toByteArray();
        boolean carriageReturn = line.length > 0 && line[line.length - 1] == '\r';
        return carriageReturn ? Arrays.copyOf(line, line.length - 1) : line;
      }
    }
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
  }
}
