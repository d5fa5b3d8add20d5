package io.condenser.model.foreign;

import io.condenser.storage.InputException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a zip file that lies in memory or is mapped, as views of it. Only stored entries
 * can be viewed; tensors are stored that way. (The JDK's reader copies every entry through the
 * heap, and does not say where it lies.)
 *
 * <p>Layout, at the end: a central directory, one record per entry (signature PK\1\2), then the end
 * record (PK\5\6) with its size and offset; in archives of more than 4 GiB or 65,535 entries both
 * stand in a second end record (PK\6\6) to which a locator (PK\6\7) points.
 */
final class StoredZip {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final int ENTRY = 0x02014b50;
  private static final int LOCAL = 0x04034b50;
  private static final int END = 0x06054b50;
  private static final int END64 = 0x06064b50;
  private static final int LOCATOR64 = 0x07064b50;
  private static final int END_BYTES = 22;
  private static final int MAX_COMMENT = 0xffff;
  private static final long ABSENT = 0xffffffffL;

  private final String where;
  private final MemorySegment zip;
  private final Map<String, MemorySegment> entries = new LinkedHashMap<>();

  private StoredZip(String where, MemorySegment zip) {
    this.where = where;
    this.zip = zip;
  }

  /** Whether the bytes begin like a zip file. */
  static boolean looksLike(MemorySegment bytes) {
    return bytes.byteSize() >= 4 && bytes.get(INT, 0) == LOCAL;
  }

  /**
   * The stored entries by name; folders and compressed entries are left out.
   *
   * @param where what to call the file in an error
   * @throws InputException if it is not a whole zip file
   */
  static Map<String, MemorySegment> read(String where, MemorySegment zip) {
    StoredZip reader = new StoredZip(where, zip);
    try {
      reader.readDirectory();
    } catch (IndexOutOfBoundsException e) {
      throw reader.broken("an entry lies outside of it", e);
    }
    return Collections.unmodifiableMap(reader.entries);
  }

  private void readDirectory() {
    long end = findEnd();
    long count = zip.get(SHORT, end + 10) & 0xffffL;
    long at = zip.get(INT, end + 16) & ABSENT;
    if (end >= 20 && zip.get(INT, end - 20) == LOCATOR64) {
      long end64 = zip.get(LONG, end - 12);
      if (zip.get(INT, end64) != END64) {
        throw broken("its second end record is not where it should be", null);
      }
      count = zip.get(LONG, end64 + 32);
      at = zip.get(LONG, end64 + 48);
    }
    for (long i = 0; i < count; i++) {
      at = readEntry(at);
    }
  }

  private long findEnd() {
    long earliest = Math.max(0, zip.byteSize() - END_BYTES - MAX_COMMENT);
    for (long at = zip.byteSize() - END_BYTES; at >= earliest; at--) {
      if (zip.get(INT, at) == END) {
        return at;
      }
    }
    throw broken("it has no end record", null);
  }

  /** Reads the record at {@code at} and returns where the next one is. */
  private long readEntry(long at) {
    if (zip.get(INT, at) != ENTRY) {
      throw broken("its directory is damaged", null);
    }
    int method = zip.get(SHORT, at + 10);
    int nameBytes = zip.get(SHORT, at + 28) & 0xffff;
    int extraBytes = zip.get(SHORT, at + 30) & 0xffff;
    int commentBytes = zip.get(SHORT, at + 32) & 0xffff;
    String name =
        new String(
            zip.asSlice(at + 46, nameBytes).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    long[] sizes = {
      zip.get(INT, at + 24) & ABSENT, zip.get(INT, at + 20) & ABSENT, zip.get(INT, at + 42) & ABSENT
    };
    wideSizes(zip.asSlice(at + 46 + nameBytes, extraBytes), sizes);
    long local = sizes[2];
    if (zip.get(INT, local) != LOCAL) {
      throw broken("entry " + name + " is not where it should be", null);
    }
    if (method == 0) {
      long skipped =
          30L + (zip.get(SHORT, local + 26) & 0xffff) + (zip.get(SHORT, local + 28) & 0xffff);
      entries.put(name, zip.asSlice(local + skipped, sizes[0]));
    }
    return at + 46 + nameBytes + extraBytes + commentBytes;
  }

  /** Replaces those of [size, compressed size, offset] that are absent by their 64-bit values. */
  private static void wideSizes(MemorySegment extra, long[] sizes) {
    for (long at = 0; at + 4 <= extra.byteSize(); ) {
      int id = extra.get(SHORT, at) & 0xffff;
      int bytes = extra.get(SHORT, at + 2) & 0xffff;
      if (id == 1) {
        long value = at + 4;
        for (int i = 0; i < sizes.length; i++) {
          if (sizes[i] == ABSENT) {
            sizes[i] = extra.get(LONG, value);
            value += 8;
          }
        }
      }
      at += 4 + bytes;
    }
  }

  private InputException broken(String how, @Nullable Throwable cause) {
    return new InputException(where + ": not a whole zip archive, " + how + "; truncated?", cause);
  }
}
