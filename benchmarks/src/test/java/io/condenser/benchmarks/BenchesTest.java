package io.condenser.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.condenser.model.Precision;
import io.condenser.storage.InputException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Durations are never asserted, only that each benchmark does the work that it says. */
class BenchesTest {
  private static final Shape SMALL = new Shape(2, 64);

  @Test
  void spansAreOfTheLengthsThatWereMeasured() {
    int[] spans = Lengths.SPANS.of(1000, 128);
    assertThat(Arrays.stream(spans).average().orElse(0)).isCloseTo(94, within(1.0));
    assertThat(spans).isSorted();
    assertThat(spans[999]).isBetween(120, 128);
    assertThat(Lengths.PASSAGES.of(1000, 64)[999]).isEqualTo(64);
  }

  /** By hand: 2 × 3 tokens × 2 layers × (12 × 64² + 2 × 3 × 64). */
  @Test
  void operationsAreThoseOfTheProducts() {
    double pass = 2.0 * 3 * 2 * (12 * 64 * 64 + 2 * 3 * 64);
    assertThat(SMALL.encoding(new int[] {3})).isEqualTo(pass);
    assertThat(SMALL.biEncoder(new int[] {3})).isEqualTo(3 * pass);
    double predictions = 2 * 5 * 2.0 * 64 * (64 + 30522);
    assertThat(SMALL.cocondenser(new int[] {3}, 2, 5)).isEqualTo(3 * (2 * pass + predictions));
  }

  @Test
  void everyBenchmarkRunsAndCountsItsTokens() throws IOException {
    Measured pretrain = new PretrainBench(SMALL, Precision.FP32, 2, 512, 1, 2).run();
    assertThat(pretrain.tokens()).isEqualTo(Arrays.stream(Lengths.SPANS.of(4, 128)).sum());
    Measured finetune = new FinetuneBench(SMALL, Precision.FP32, 2, 1, 512, 2).run();
    Measured encode = new EncodeBench(SMALL, Precision.AUTO.here(), 8, 64, 2).run();
    assertThat(encode.tokens()).isEqualTo(Arrays.stream(Lengths.PASSAGES.of(8, 64)).sum());
    Measured search = new SearchBench(500, 16, 3, 10, 2).run();
    Measured index = new IndexBench(50, 2).run();
    assertThat(List.of(pretrain, finetune, encode, search, index))
        .allSatisfy(one -> {
          assertThat(one.seconds()).hasSize(2).allMatch(seconds -> seconds > 0);
          assertThat(one.rows()).isPositive();
        });
    assertThat(List.of(pretrain, finetune, encode, search))
        .allSatisfy(one -> assertThat(one.shareOfPeak()).isPositive());
  }

  @Test
  void kernelsDoWhatTheySay() throws IOException {
    Kernels kernels = new Kernels();
    Kernels.Texts texts = Kernels.Texts.of("", "");
    int[] lengths = Lengths.PASSAGES.of(Kernels.ROWS, 512);
    assertThat(kernels.tokenize(texts)).isEqualTo(Arrays.stream(lengths).sum() - 2 * Kernels.ROWS);
    Kernels.Spans spans = new Kernels.Spans();
    spans.make();
    int masked = kernels.mask(spans).stream().mapToInt(row -> row.labels().length).sum();
    assertThat(kernels.batch(spans)).isEqualTo(masked);
    assertThat(kernels.topK(new Kernels.Scores()).size()).isEqualTo(100);
    assertThat(KernelBench.all("", "", 1)).extracting(KernelBench::kernel).hasSize(5);
    assertThatThrownBy(() -> KernelBench.all("model", "", 1)).hasMessageContaining("corpus");
  }

  /**
   * JMH finds the kernels in a list that the compiler made, and runs them in a JVM of their own.
   */
  @Test
  void aKernelIsTimed() throws IOException {
    Measured topK = new KernelBench("topK", "top 100", Kernels.SCORES, 0, Map.of(), 1).run();
    assertThat(topK.seconds()).hasSize(1).allMatch(seconds -> seconds > 0);
  }

  @Test
  void theMedianIsTheMiddle() {
    Measured three = new Measured("", 6, 12, List.of(3.0, 1.0, 2.0), 8, 2, 0);
    assertThat(three.median()).isEqualTo(2);
    assertThat(three.rowsPerSecond()).isEqualTo(3);
    assertThat(three.tokensPerSecond()).isEqualTo(6);
    assertThat(three.shareOfPeak()).isEqualTo(2);
    Measured two = new Measured("", 6, 12, List.of(1.0, 2.0), 0, 0, 0);
    assertThat(two.median()).isEqualTo(1.5);
    assertThat(two.shareOfPeak()).isZero();
  }

  @Test
  void aShapeThatIsNoneIsRefused() {
    assertThat(Shape.parse("6x384")).isEqualTo(new Shape(6, 384));
    assertThatThrownBy(() -> Shape.parse("6*384"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("6*384")
        .hasMessageContaining("6x384");
    assertThatThrownBy(() -> Shape.parse("1x100")).isInstanceOf(InputException.class);
  }
}
