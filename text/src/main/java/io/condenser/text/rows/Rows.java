package io.condenser.text.rows;

import io.condenser.storage.InputException;
import io.condenser.storage.Lines;
import io.condenser.storage.Unzipped;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a file one at a time; how the file starts tells its format:
 *
 * <ul>
 *   <li>an opening brace: JSON lines, an object on each;
 *   <li>an opening bracket and then a brace: one JSON array of objects;
 *   <li>{@code PAR1}: Parquet, where each row becomes an object;
 *   <li>{@code <top>}: TREC topics, which become objects {@code {"_id": num, "text": title}};
 *   <li>a line of known names between tabs ({@code id}, {@code text}, {@code title}): a table whose
 *       rows become objects, quoted as in CSV;
 *   <li>anything else: lines of text.
 * </ul>
 *
 * Blank lines are skipped. All but Parquet may be gzipped. Not safe for use by several threads.
 */
public sealed interface Rows extends AutoCloseable
    permits LineRows, ArrayRows, TopicRows, ParquetRows {

  /**
   * Opens a file.
   *
   * @throws InputException if there is no such file, or it is not what its start promises
   */
  static Rows open(Path file) {
    InputStream in = Unzipped.open(file); // once: a pipe cannot be opened again
    try {
      String start = start(in);
      if (start.startsWith("PAR1")) {
        in.close();
        return new ParquetRows(file);
      }
      if (start.matches("(?s)\\[\\s*[{\\]].*")) {
        return new ArrayRows(file, in);
      }
      Lines lines = Lines.of(file, in);
      return start.startsWith("<top>") ? new TopicRows(lines) : new LineRows(lines);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
  }

  /** The first characters that are not blank; the stream stays where it is. */
  private static String start(InputStream in) throws IOException {
    byte[] bytes = new byte[1 << 10];
    in.mark(bytes.length);
    int length = in.readNBytes(bytes, 0, bytes.length);
    in.reset();
    String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
    return (text.startsWith("\uFEFF") ? text.substring(1) : text).stripLeading();
  }

  /** What is read. */
  Path file();

  /**
   * The next row, or null at the end.
   *
   * @throws InputException naming the place, if what stands there cannot be read
   */
  @Nullable Row next();

  /**
   * The number of the row that {@link #next} returned last: of its line, or where rows are not
   * lines its place; 1 is the first.
   */
  long number();

  /** Whether rows became objects by the names in a first line. */
  default boolean headed() {
    return false;
  }

  /** An error about the row that {@link #next} returned last. */
  InputException error(String problem);

  @Override
  void close();
}
