package io.condenser.retrieval;

import io.condenser.text.Passage;
import io.condenser.text.RecordReader;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records that lie in memory. */
final class ListReader<T> implements RecordReader<T> {
  private final Iterator<T> records;

  ListReader(List<T> records) {
    this.records = records.iterator();
  }

  static Passage passage(String id, String title, String text) {
    return new Passage(id, title, text, null, List.of());
  }

  @Override
  public @Nullable T next() {
    return records.hasNext() ? records.next() : null;
  }

  @Override
  public void close() {}
}
