package io.condenser.model.onnx;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One protocol-buffers message that is being written. A field is a key (number × 8 + wire type) and
 * a value: a varint (type 0), a length and so many bytes (2), or 4 bytes (5). Bytes are not copied
 * until {@link #copyTo}.
 */
final class Message {
  private static final int VARINT = 0;
  private static final int BYTES = 2;
  private static final int FOUR_BYTES = 5;

  private final List<MemorySegment> pieces = new ArrayList<>();
  private long size;

  Message number(int field, long value) {
    return piece(MemorySegment.ofArray(varints(key(field, VARINT), value)));
  }

  Message decimal(int field, float value) {
    piece(MemorySegment.ofArray(varints(key(field, FOUR_BYTES))));
    MemorySegment four = MemorySegment.ofArray(new byte[Float.BYTES]);
    four.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 0, value);
    return piece(four);
  }

  Message text(int field, String value) {
    return bytes(field, MemorySegment.ofArray(value.getBytes(StandardCharsets.UTF_8)));
  }

  Message bytes(int field, MemorySegment value) {
    return length(field, value.byteSize()).piece(value);
  }

  Message message(int field, Message value) {
    length(field, value.size);
    pieces.addAll(value.pieces);
    size += value.size;
    return this;
  }

  /** Bytes of the whole message. */
  long size() {
    return size;
  }

  /** Writes the message to the start of {@code target}. */
  void copyTo(MemorySegment target) {
    long at = 0;
    for (MemorySegment piece : pieces) {
      target.asSlice(at, piece.byteSize()).copyFrom(piece);
      at += piece.byteSize();
    }
  }

  private Message length(int field, long bytes) {
    return piece(MemorySegment.ofArray(varints(key(field, BYTES), bytes)));
  }

  private Message piece(MemorySegment piece) {
    pieces.add(piece);
    size += piece.byteSize();
    return this;
  }

  private static long key(int field, int type) {
    return field * 8L + type;
  }

  /** Seven bits a byte, lowest first; the eighth says that more follow. */
  private static byte[] varints(long... values) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (long value : values) {
      long rest = value;
      while ((rest & ~0x7fL) != 0) {
        out.write((int) (rest & 0x7f) | 0x80);
        rest >>>= 7;
      }
      out.write((int) rest);
    }
    return out.toByteArray();
  }
}
