package io.condenser.model;

import static org.bytedeco.pytorch.global.torch.addcmul;

import io.condenser.text.CounterRandom;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Dropout (Srivastava et al. 2014) in one forward pass. What a row of the batch loses is a pure
 * function of (seed, row, how many dropouts came before in the pass): a second pass loses the same,
 * and so does one in which other rows stand beside it.
 */
public final class Dropout {
  /** Nothing is lost: inference. */
  public static final Dropout NONE = new Dropout(0, new int[0]);

  /** A chance is a multiple of 2⁻¹⁶, so that four of them come from one draw. */
  static final int CHANCES = 1 << 16;

  static final int PER_DRAW = Long.SIZE / Short.SIZE;

  private static final short BFLOAT16_ONE = 0x3F80;

  /** Draws of a line, the last dimension, and lines of a block: room for 65,536 numbers each. */
  private static final int MOST_DRAWS = 1 << 14;

  private static final int MOST_LINES = 1 << 16;

  private final long seed;
  private final int[] rows;
  private int site;

  private Dropout(long seed, int[] rows) {
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
    return rows.length > 0 && share > 0;
  }

  /**
   * {@code x} with a share of its elements lost and the others scaled up by as much.
   *
   * @param x {@code [B, …, D]}
   * @param share from 0 to below 1
   */
  Tensor apply(Tensor x, double share) {
    return losesAny(share) ? x.mul(kept(x, share)).mul(scale(share)) : x;
  }

  /** {@code residual + apply(x, share)}. */
  Tensor add(Tensor residual, Tensor x, double share) {
    return losesAny(share) ? addcmul(residual, x, kept(x, share), scale(share)) : residual.add(x);
  }

  private static int lost(double share) {
    return (int) Math.round(share * CHANCES);
  }

  private static Scalar scale(double share) {
    return new Scalar(CHANCES / (double) (CHANCES - lost(share)));
  }

  /** Ones, and zeros where an element is lost; shape and type of {@code x}. */
  private Tensor kept(Tensor x, double share) {
    int here = site++;
    CounterRandom[] randoms = // [B]
        IntStream.of(rows)
            .mapToObj(row -> CounterRandom.at(seed, here, 0, row))
            .toArray(CounterRandom[]::new);
    return x.is_cuda()
        ? DropoutMask.of(randoms, x.shape(), lost(share)).to(Tensors.type(x))
        : kept(x, randoms, lost(share));
  }

  private static Tensor kept(Tensor x, CounterRandom[] randoms, int lost) {
    long[] shape = x.shape();
    boolean narrow = Tensors.type(x) == ScalarType.BFloat16;
    Tensor kept = Tensors.inMemory(narrow ? ScalarType.BFloat16 : ScalarType.Float, shape);
    MemorySegment memory = Tensors.bytes(kept);
    int width = (int) shape[shape.length - 1];
    int lines = (int) shape[shape.length - 2];
    int lineCount = Math.toIntExact(x.numel() / randoms.length / width);
    IntStream.range(0, randoms.length)
        .parallel()
        .forEach(row -> {
          boolean[] keeps = new boolean[width]; // of a line: those of a row would fill the heap
          for (int line = 0; line < lineCount; line++) {
            draw(randoms[row], firstDraw(line, lines), lost, keeps);
            write(keeps, memory, ((long) row * lineCount + line) * width, narrow);
          }
        });
    return kept.to(Tensors.type(x));
  }

  /** Which elements of a line stay; it does not depend on how far the row is padded. */
  static void draw(CounterRandom random, long first, int lost, boolean[] keeps) {
    long draw = first;
    for (int i = 0; i < keeps.length; i += PER_DRAW) {
      long bits = random.bits(draw++);
      int end = Math.min(i + PER_DRAW, keeps.length);
      for (int j = i; j < end; j++, bits >>>= Short.SIZE) {
        keeps[j] = (bits & (CHANCES - 1)) >= lost;
      }
    }
  }

  private static void write(boolean[] keeps, MemorySegment memory, long from, boolean narrow) {
    if (narrow) {
      for (int i = 0; i < keeps.length; i++) {
        memory.setAtIndex(ValueLayout.JAVA_SHORT, from + i, keeps[i] ? BFLOAT16_ONE : 0);
      }
    } else {
      for (int i = 0; i < keeps.length; i++) {
        memory.setAtIndex(ValueLayout.JAVA_FLOAT, from + i, keeps[i] ? 1f : 0f);
      }
    }
  }

  /**
   * The draw that a line of a row begins with.
   *
   * @param line its number in the row
   * @param lines of a block, the attention head where there are any
   */
  static long firstDraw(int line, int lines) {
    return ((long) (line / lines) * MOST_LINES + line % lines) * MOST_DRAWS;
  }
}
