package io.condenser.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.condenser.text.CounterRandom;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DropoutMaskTest {
  private static final int LOST = Dropout.CHANCES / 10;

  private static Stream<long[]> shapes() {
    return Stream.of(
        new long[] {3, 8}, // pooled
        new long[] {3, 5, 6}, // hidden states, of a width that no draws fill
        new long[] {2, 4, 7, 9}, // attention
        new long[] {2, 3, 96, 384});
  }

  /** A GPU loses what the processor does. */
  @ParameterizedTest
  @MethodSource("shapes")
  void tensorsDrawWhatDropoutDraws(long[] shape) {
    CounterRandom[] randoms =
        IntStream.range(0, (int) shape[0])
            .mapToObj(row -> CounterRandom.at(11, 2, 0, 100 + row))
            .toArray(CounterRandom[]::new);
    int width = (int) shape[shape.length - 1];
    int lines = (int) shape[shape.length - 2];
    int length = (int) Arrays.stream(shape).skip(1).reduce(1, (a, b) -> a * b);
    boolean[] keeps = new boolean[width];
    try (PointerScope _ = new PointerScope()) {
      Tensor mask = DropoutMask.of(randoms, shape, LOST);
      assertThat(mask.shape()).isEqualTo(shape);
      float[] found = Tensors.floats(mask.to(ScalarType.Float));
      for (int row = 0; row < randoms.length; row++) {
        for (int line = 0; line < length / width; line++) {
          Dropout.draw(randoms[row], Dropout.firstDraw(line, lines), LOST, keeps);
          for (int i = 0; i < width; i++) {
            assertThat(found[row * length + line * width + i]).isEqualTo(keeps[i] ? 1f : 0f);
          }
        }
      }
    }
  }
}
