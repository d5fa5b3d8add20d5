package io.condenser.model.foreign;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Reads the fields of one protocol-buffers message, in order, without a schema. A field is a key
 * (number × 8 + wire type) and a value: a varint (type 0), 8 bytes (1), a length and so many bytes
 * (2), or 4 bytes (5).
 *
 * <p>A damaged message shows as an {@link IndexOutOfBoundsException} or {@link
 * ArithmeticException}, which the readers of whole files explain.
 */
final class Wire {
  private final MemorySegment message;
  private long position;
  private int field;
  private boolean numeric;
  private long number;
  private MemorySegment bytes = MemorySegment.NULL;

  Wire(MemorySegment message) {
    this.message = message;
  }

  /** Goes to the next field; false at the end. */
  boolean next() {
    if (position >= message.byteSize()) {
      return false;
    }
    long key = varint();
    field = Math.toIntExact(key >>> 3);
    numeric = (key & 7) != 2;
    switch ((int) key & 7) {
      case 0 -> number = varint();
      case 1 -> {
        number = message.get(ValueLayout.JAVA_LONG_UNALIGNED, position);
        position += 8;
      }
      case 2 -> {
        long length = varint();
        bytes = message.asSlice(position, length);
        position += length;
      }
      case 5 -> {
        number = message.get(ValueLayout.JAVA_INT_UNALIGNED, position);
        position += 4;
      }
      default -> throw new ArithmeticException("no wire type " + (key & 7));
    }
    return true;
  }

  /** The number of the field. */
  int field() {
    return field;
  }

  /** The value of a numeric field. */
  long number() {
    return number;
  }

  /** Adds the value of a repeated numeric field, which may be packed: many varints in one. */
  void numbers(List<Long> values) {
    if (numeric) {
      values.add(number);
    } else {
      Wire packed = message();
      while (packed.position < bytes.byteSize()) {
        values.add(packed.varint());
      }
    }
  }

  /** The value of a field of bytes. */
  MemorySegment bytes() {
    return bytes;
  }

  /** The value of a field of text. */
  String text() {
    return new String(bytes.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  /** The message that a field holds. */
  Wire message() {
    return new Wire(bytes);
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte b = message.get(ValueLayout.JAVA_BYTE, position++);
      value |= (b & 0x7fL) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new ArithmeticException("a varint of more than 10 bytes");
  }
}
