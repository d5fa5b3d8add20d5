package io.condenser.model;

import static org.bytedeco.pytorch.global.torch.addcmul;

import io.condenser.text.CounterRandom;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Dropout (Srivastava et al. 2014) in one forward pass. What a row of the batch loses is a pure
 * function of (seed, row, how many dropouts came before in the pass): a second pass loses the same,
 * and so does one in which other rows stand beside it.
 */
public final class Dropout {
  /** Nothing is lost: inference. */
  public static final Dropout NONE = new Dropout(0, null);

  /** A chance is a multiple of 2⁻¹⁶, so that four of them come from one draw. */
  private static final int CHANCES = 1 << 16;

  private static final int PER_DRAW = Long.SIZE / Short.SIZE;

  /** Draws of a line, the last dimension, and lines of a block: room for 65,536 numbers each. */
  private static final int MOST_DRAWS = 1 << 14;

  private static final int MOST_LINES = 1 << 16;

  private final long seed;
  private final int @Nullable [] rows;
  private int site;

  private Dropout(long seed, int @Nullable [] rows) {
    this.seed = seed;
    this.rows = rows;
  }

  /**
   * The dropout of one pass.
   *
   * @param seed the step's
   * @param rows {@code [B]} each row's place in the step's batch
   */
  public static Dropout of(long seed, int[] rows) {
    return new Dropout(seed, rows.clone());
  }

  /** Whether a share is lost of anything in this pass. */
  boolean losesAny(double share) {
    return rows != null && share > 0;
  }

  /**
   * {@code x} with a share of its elements lost and the others scaled up by as much.
   *
   * @param x {@code [B, …, D]}
   * @param share from 0 to below 1
   */
  Tensor apply(Tensor x, double share) {
    return rows == null || share == 0 ? x : x.mul(mask(x, rows, share));
  }

  /** {@code residual + apply(x, share)}. */
  Tensor add(Tensor residual, Tensor x, double share) {
    return rows == null || share == 0
        ? residual.add(x)
        : addcmul(residual, Tensors.widened(x), mask(x, rows, share));
  }

  /** Zeros, and elsewhere what keeps the mean as it was. */
  private Tensor mask(Tensor x, int[] of, double share) {
    int lost = (int) Math.round(share * CHANCES);
    float kept = CHANCES / (float) (CHANCES - lost);
    long[] shape = x.shape();
    Tensor mask = Tensors.empty(ScalarType.Float, shape);
    MemorySegment memory = Tensors.bytes(mask);
    int length = Math.toIntExact(x.numel() / of.length);
    int here = site++;
    IntStream.range(0, of.length)
        .parallel()
        .forEach(b -> {
          float[] row = new float[length];
          fill(row, shape, CounterRandom.at(seed, here, 0, of[b]), lost, kept);
          MemorySegment.copy(
              row, 0, memory, ValueLayout.JAVA_FLOAT, (long) b * length * Float.BYTES, length);
        });
    return Tensors.type(x) == ScalarType.Double ? mask.to(ScalarType.Double) : mask;
  }

  /** A row's mask; what stands where does not depend on how far the row is padded. */
  private static void fill(float[] row, long[] shape, CounterRandom random, int lost, float kept) {
    int width = (int) shape[shape.length - 1];
    int lines = (int) shape[shape.length - 2];
    for (int from = 0; from < row.length; from += width) {
      long block = from / width / lines; // the attention head, where there are any
      long draw = (block * MOST_LINES + from / width % lines) * MOST_DRAWS;
      for (int i = from; i < from + width; i += PER_DRAW) {
        long bits = random.bits(draw++);
        int end = Math.min(i + PER_DRAW, from + width);
        for (int j = i; j < end; j++, bits >>>= Short.SIZE) {
          row[j] = (bits & (CHANCES - 1)) < lost ? 0 : kept;
        }
      }
    }
  }
}
