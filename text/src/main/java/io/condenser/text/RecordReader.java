package io.condenser.text;

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
}
