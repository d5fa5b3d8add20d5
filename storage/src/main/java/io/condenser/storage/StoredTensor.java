package io.condenser.storage;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * A tensor as it lies on disk or in memory: row-major, little-endian.
 *
 * @param name its name in the file
 * @param dtype element type
 * @param shape sizes of the dimensions, outermost first; empty for a scalar
 * @param data exactly its bytes; where it comes from an open {@link Safetensors}, valid until that
 *     is closed
 */
public record StoredTensor(String name, DType dtype, List<Long> shape, MemorySegment data) {
  public StoredTensor {
    shape = List.copyOf(shape);
    long bytes = bytes(dtype, shape);
    if (data.byteSize() != bytes) {
      throw new IllegalArgumentException(
          "tensor %s: %s %s takes %d bytes, data has %d"
              .formatted(name, dtype, shape, bytes, data.byteSize()));
    }
  }

  /** Number of elements. */
  public long elements() {
    return data.byteSize() / dtype.bytes();
  }

  /** A float32 tensor over an array (not copied). */
  public static StoredTensor of(String name, float[] values, long... shape) {
    return new StoredTensor(
        name, DType.F32, Arrays.stream(shape).boxed().toList(), MemorySegment.ofArray(values));
  }

  /** A tensor of 32-bit integers over an array (not copied). */
  public static StoredTensor of(String name, int[] values, long... shape) {
    return new StoredTensor(
        name, DType.I32, Arrays.stream(shape).boxed().toList(), MemorySegment.ofArray(values));
  }

  /** A tensor of 64-bit integers over an array (not copied). */
  public static StoredTensor of(String name, long[] values, long... shape) {
    return new StoredTensor(
        name, DType.I64, Arrays.stream(shape).boxed().toList(), MemorySegment.ofArray(values));
  }

  /** A tensor of unsigned bytes over an array (not copied). */
  public static StoredTensor of(String name, byte[] values, long... shape) {
    return new StoredTensor(
        name, DType.U8, Arrays.stream(shape).boxed().toList(), MemorySegment.ofArray(values));
  }

  /** Bytes of a tensor; refuses negative sizes and overflow with an {@link ArithmeticException}. */
  static long bytes(DType dtype, List<Long> shape) {
    long bytes = dtype.bytes();
    for (long size : shape) {
      if (size < 0) {
        throw new ArithmeticException("negative size in shape " + shape);
      }
      bytes = Math.multiplyExact(bytes, size);
    }
    return bytes;
  }
}
