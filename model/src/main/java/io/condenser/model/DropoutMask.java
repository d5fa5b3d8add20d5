package io.condenser.model;

import io.condenser.text.CounterRandom;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * What {@link Dropout} draws, drawn by tensors where they are computed: the same draws, so that a
 * GPU loses what the processor would, and no mask has to travel to it.
 */
final class DropoutMask {
  private DropoutMask() {}

  /**
   * Which elements stay.
   *
   * @param randoms {@code [B]} of each row
   * @param shape {@code [B, …, D]}
   * @param lost of {@link Dropout#CHANCES}
   * @return booleans of that shape
   */
  static Tensor of(CounterRandom[] randoms, long[] shape, int lost) {
    int width = (int) shape[shape.length - 1];
    int lines = (int) shape[shape.length - 2];
    int lineCount =
        Math.toIntExact(Arrays.stream(shape).skip(1).reduce(1, (a, b) -> a * b)) / width;
    long draws = Math.ceilDiv(width, Dropout.PER_DRAW);
    long[] keys = Arrays.stream(randoms).mapToLong(CounterRandom::key).toArray();
    long[] firsts = new long[lineCount];
    Arrays.setAll(firsts, line -> Dropout.firstDraw(line, lines));
    return Tensors.only(() -> {
      Tensor numbers = // [lines, draws]
          Tensors.integers(firsts, lineCount, 1)
              .add(Tensors.integers(LongStream.range(1, draws + 1).toArray(), 1, draws));
      Tensor bits = // [B, lines, draws]
          numbers
              .mul(new Scalar(CounterRandom.GOLDEN))
              .add(Tensors.integers(keys, keys.length, 1, 1));
      mix(bits);
      TensorVector parts = new TensorVector();
      for (int i = 0; i < Dropout.PER_DRAW; i++) {
        Tensor chance =
            bits.bitwise_right_shift(new Scalar((long) i * Short.SIZE))
                .bitwise_and_(new Scalar(Dropout.CHANCES - 1L));
        parts.push_back(chance.ge(new Scalar(lost)));
      }
      // [B, lines, draws × 4], of which D count
      return torch
          .stack(parts, 3)
          .view(keys.length, lineCount, -1)
          .narrow(2, 0, width)
          .reshape(shape);
    });
  }

  /** {@link CounterRandom}'s hash of each number, in its place. */
  private static void mix(Tensor bits) {
    bits.bitwise_xor_(shifted(bits, CounterRandom.SHIFT_1))
        .mul_(new Scalar(CounterRandom.FACTOR_1));
    bits.bitwise_xor_(shifted(bits, CounterRandom.SHIFT_2))
        .mul_(new Scalar(CounterRandom.FACTOR_2));
    bits.bitwise_xor_(shifted(bits, CounterRandom.SHIFT_3));
  }

  /** Shifted to the right without regard to the sign, as the library's shift has it. */
  private static Tensor shifted(Tensor bits, int places) {
    return bits.bitwise_right_shift(new Scalar((long) places))
        .bitwise_and_(new Scalar((1L << (Long.SIZE - places)) - 1));
  }
}
