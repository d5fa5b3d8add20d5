package io.condenser.text;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Reads records one at a time, so that a corpus larger than memory passes through. Not safe for use
 * by several threads.
 */
public interface RecordReader<T> extends AutoCloseable {
  /**
   * The next record, or null at the end.
   *
   * @throws io.condenser.storage.InputException naming file and line, if what stands there cannot
   *     be read
   */
  @Nullable T next();

  @Override
  void close();

  /** Reads what is in memory already. */
  static <T> RecordReader<T> of(Iterable<T> records) {
    Iterator<T> each = records.iterator();
    return new RecordReader<>() {
      @Override
      public @Nullable T next() {
        return each.hasNext() ? each.next() : null;
      }

      @Override
      public void close() {
        // nothing is open
      }
    };
  }
}
