package io.condenser.model.foreign;

import io.condenser.storage.InputException;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * LevelDB's sorted table, the form of a TensorFlow checkpoint's index.
 *
 * <p>Layout: data blocks; an index block, whose values are handles (varint offset, varint size) of
 * the data blocks; a footer of 48 bytes: the handles of a meta block and of the index block, padded
 * to 40 bytes, and an 8-byte magic number. A block is a run of entries (varint length of the prefix
 * shared with the key before, varint length of the rest, varint length of the value, rest, value),
 * then 4-byte restart offsets and their 4-byte count; after it one byte of compression and four of
 * a masked CRC-32C over block and compression byte.
 */
final class SortedTable {
  private static final long MAGIC = 0xdb4775248b80fb57L;
  private static final int FOOTER_BYTES = 48;
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

  private final String where;
  private final MemorySegment file;

  private SortedTable(String where, MemorySegment file) {
    this.where = where;
    this.file = file;
  }

  /**
   * All entries in order.
   *
   * @param where what to call the file in an error
   * @throws InputException if it is not a whole table, or compressed
   */
  static Map<String, MemorySegment> read(String where, MemorySegment file) {
    SortedTable table = new SortedTable(where, file);
    long footer = file.byteSize() - FOOTER_BYTES;
    if (footer < 0
        || file.get(ValueLayout.JAVA_LONG_UNALIGNED, file.byteSize() - Long.BYTES) != MAGIC) {
      throw new InputException(
          where
              + ": not a TensorFlow checkpoint's index, or truncated: its last 8 bytes are wrong");
    }
    try {
      Cursor handles = new Cursor(file.asSlice(footer));
      handles.varint();
      handles.varint();
      Map<String, MemorySegment> entries = new LinkedHashMap<>();
      for (MemorySegment handle : table.block(handles.varint(), handles.varint()).values()) {
        Cursor at = new Cursor(handle);
        entries.putAll(table.block(at.varint(), at.varint()));
      }
      return entries;
    } catch (IndexOutOfBoundsException e) {
      throw new InputException(where + ": a block lies outside of the file; truncated?", e);
    }
  }

  private Map<String, MemorySegment> block(long offset, long size) {
    int compression = file.get(BYTE, offset + size);
    if (compression != 0) {
      throw new InputException(
          "%s: compressed with method %d; expected none".formatted(where, compression));
    }
    if (MaskedCrc.of(file.asSlice(offset, size + 1)) != file.get(INT, offset + size + 1)) {
      throw new InputException(where + ": damaged: a block does not match its checksum");
    }
    MemorySegment block = file.asSlice(offset, size);
    long restarts = block.get(INT, size - Integer.BYTES) & 0xffffffffL;
    Cursor cursor = new Cursor(block.asSlice(0, size - Integer.BYTES * (restarts + 1)));
    Map<String, MemorySegment> entries = new LinkedHashMap<>();
    byte[] key = {};
    while (cursor.hasMore()) {
      int shared = (int) cursor.varint();
      long rest = cursor.varint();
      long valueBytes = cursor.varint();
      ByteArrayOutputStream next = new ByteArrayOutputStream();
      next.write(key, 0, shared);
      next.writeBytes(cursor.bytes(rest).toArray(BYTE));
      key = next.toByteArray();
      entries.put(new String(key, StandardCharsets.UTF_8), cursor.bytes(valueBytes));
    }
    return entries;
  }

  /** Reads a segment from front to back. */
  private static final class Cursor {
    private final MemorySegment bytes;
    private long position;

    Cursor(MemorySegment bytes) {
      this.bytes = bytes;
    }

    boolean hasMore() {
      return position < bytes.byteSize();
    }

    long varint() {
      long value = 0;
      for (int shift = 0; shift < 64; shift += 7) {
        byte b = bytes.get(BYTE, position++);
        value |= (b & 0x7fL) << shift;
        if (b >= 0) {
          break;
        }
      }
      return value;
    }

    MemorySegment bytes(long count) {
      MemorySegment slice = bytes.asSlice(position, count);
      position += count;
      return slice;
    }
  }
}
