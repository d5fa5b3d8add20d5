package io.condenser.model.foreign;

import io.condenser.storage.DType;
import io.condenser.storage.InputException;
import io.condenser.storage.StoredTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** Stored tensors to float32, and matrices from [in, out] to [out, in]. */
final class Float32 {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /** Edge of the square blocks of a transposition, in floats: two blocks fit the first cache. */
  private static final long BLOCK = 32;

  private Float32() {}

  /**
   * The tensor itself if it is float32, else its values in new memory of {@code arena}. float16 and
   * bfloat16 are exact, float64 is rounded.
   *
   * @param where what to call its file in an error
   */
  static StoredTensor of(String where, StoredTensor tensor, Arena arena) {
    if (tensor.dtype() == DType.F32) {
      return tensor;
    }
    MemorySegment from = tensor.data();
    MemorySegment to = arena.allocate(Math.multiplyExact(tensor.elements(), 4L), 64);
    for (long i = 0; i < tensor.elements(); i++) {
      float value =
          switch (tensor.dtype()) {
            case F16 -> Float.float16ToFloat(from.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * i));
            case BF16 ->
                Float.intBitsToFloat(from.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * i) << 16);
            case F64 -> (float) from.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, 8 * i);
            default ->
                throw new InputException(
                    "%s: tensor %s holds %s; expected floating-point weights"
                        .formatted(where, tensor.name(), tensor.dtype()));
          };
      to.set(FLOAT, 4 * i, value);
    }
    return new StoredTensor(tensor.name(), DType.F32, tensor.shape(), to);
  }

  /** A float32 matrix with its dimensions exchanged, in new memory of {@code arena}. */
  static StoredTensor transposed(StoredTensor matrix, Arena arena) {
    long rows = matrix.shape().get(0);
    long columns = matrix.shape().get(1);
    MemorySegment from = matrix.data();
    MemorySegment to = arena.allocate(from.byteSize(), 64);
    for (long top = 0; top < rows; top += BLOCK) {
      long bottom = Math.min(rows, top + BLOCK);
      for (long left = 0; left < columns; left += BLOCK) {
        long right = Math.min(columns, left + BLOCK);
        for (long row = top; row < bottom; row++) {
          for (long column = left; column < right; column++) {
            float value = from.get(FLOAT, 4 * (row * columns + column));
            to.set(FLOAT, 4 * (column * rows + row), value);
          }
        }
      }
    }
    return new StoredTensor(matrix.name(), DType.F32, List.of(columns, rows), to);
  }
}
