package io.condenser.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.condenser.model.Tensors;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContrastiveLossTest {
  private static final int QUERIES = 5;
  private static final int PASSAGES = 7;
  private static final int WIDTH = 4;
  private static final int[] POSITIVES = {0, 6, 2, 2, 4};
  private static final int[][] EXCLUDED = {{1, 3}, {}, {0}, {}, {5, 6}};

  @ParameterizedTest
  @ValueSource(doubles = {1, 0.3})
  void lossIsTheDefinition(double temperature) {
    double[] queries = random(QUERIES * WIDTH, 1);
    double[] passages = random(PASSAGES * WIDTH, 2);
    try (PointerScope _ = new PointerScope()) {
      assertThat(loss(queries, passages, temperature).loss())
          .isCloseTo(defined(queries, passages, temperature), within(1e-12));
    }
  }

  @Test
  void gradientsAreTheDifferenceQuotients() {
    double[] queries = random(QUERIES * WIDTH, 1);
    double[] passages = random(PASSAGES * WIDTH, 2);
    try (PointerScope _ = new PointerScope()) {
      ContrastiveLoss.Result result = loss(queries, passages, 0.3);
      assertQuotients(
          queries, Tensors.doubles(result.queries()), () -> defined(queries, passages, 0.3));
      assertQuotients(
          passages, Tensors.doubles(result.passages()), () -> defined(queries, passages, 0.3));
    }
  }

  @Test
  void blocksOfRowsGiveWhatTheWholeGives() {
    double[] queries = random(QUERIES * WIDTH, 1);
    double[] passages = random(PASSAGES * WIDTH, 2);
    try (PointerScope _ = new PointerScope()) {
      ContrastiveLoss.Result whole = loss(queries, passages, 1);
      ContrastiveLoss.Result blocks =
          new ContrastiveLoss(1, 2 * PASSAGES)
              .of(tensor(queries, QUERIES), tensor(passages, PASSAGES), POSITIVES, EXCLUDED);
      assertThat(blocks.loss()).isCloseTo(whole.loss(), within(1e-12));
      assertThat(Tensors.doubles(blocks.passages()))
          .containsExactly(Tensors.doubles(whole.passages()), within(1e-12));
      assertThat(Tensors.doubles(blocks.queries()))
          .containsExactly(Tensors.doubles(whole.queries()), within(1e-12));
    }
  }

  @Test
  void aTemperatureMustBeAboveZero() {
    assertThatThrownBy(() -> new ContrastiveLoss(0)).hasMessageContaining("temperature 0");
  }

  private static ContrastiveLoss.Result loss(
      double[] queries, double[] passages, double temperature) {
    return new ContrastiveLoss(temperature)
        .of(tensor(queries, QUERIES), tensor(passages, PASSAGES), POSITIVES, EXCLUDED);
  }

  private static Tensor tensor(double[] values, int rows) {
    return Tensor.create(values, rows, WIDTH);
  }

  private static void assertQuotients(double[] at, double[] gradient, DoubleSupplier loss) {
    double step = 1e-6;
    for (int i = 0; i < at.length; i++) {
      double kept = at[i];
      at[i] = kept + step;
      double above = loss.getAsDouble();
      at[i] = kept - step;
      double below = loss.getAsDouble();
      at[i] = kept;
      assertThat(gradient[i]).isCloseTo((above - below) / (2 * step), within(1e-7));
    }
  }

  /** The formula, term by term. */
  private static double defined(double[] queries, double[] passages, double temperature) {
    double sum = 0;
    for (int q = 0; q < QUERIES; q++) {
      double normalizer = 0;
      for (int p = 0; p < PASSAGES; p++) {
        int passage = p;
        if (IntStream.of(EXCLUDED[q]).noneMatch(out -> out == passage)) {
          normalizer += Math.exp(product(queries, q, passages, p) / temperature);
        }
      }
      sum += Math.log(normalizer) - product(queries, q, passages, POSITIVES[q]) / temperature;
    }
    return sum / QUERIES;
  }

  private static double product(double[] queries, int q, double[] passages, int p) {
    double product = 0;
    for (int i = 0; i < WIDTH; i++) {
      product += queries[q * WIDTH + i] * passages[p * WIDTH + i];
    }
    return product;
  }

  private static double[] random(int count, long seed) {
    return new Random(seed).doubles(count, -1, 1).toArray();
  }
}
