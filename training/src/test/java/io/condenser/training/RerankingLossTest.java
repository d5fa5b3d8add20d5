package io.condenser.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RerankingLossTest {
  private static final boolean[] RELEVANT = {true, false, false, true, false, true};
  private static final int[] QUERIES = {0, 0, 1, 1, 0, 1};

  @ParameterizedTest
  @EnumSource
  void theGradientIsTheSlopeOfTheLoss(RerankingLoss loss) {
    double[] logits = {0.3, -1.2, 2.0, 0.7, 0.1, -0.4};
    double step = 1e-6;
    double[] gradient = loss.of(logits, RELEVANT, QUERIES).gradient();
    for (int row = 0; row < logits.length; row++) {
      double[] above = logits.clone();
      double[] below = logits.clone();
      above[row] += step;
      below[row] -= step;
      double slope =
          (loss.of(above, RELEVANT, QUERIES).loss() - loss.of(below, RELEVANT, QUERIES).loss())
              / (2 * step);
      assertThat(gradient[row]).as("row " + row).isCloseTo(slope, within(1e-9));
    }
  }

  @Test
  void pointwiseIsBinaryCrossEntropy() {
    double[] logits = {1, -2};
    double expected = -(Math.log(sigmoid(1)) + Math.log(1 - sigmoid(-2))) / 2;
    assertThat(RerankingLoss.POINTWISE.of(logits, new boolean[] {true, false}, new int[2]).loss())
        .isCloseTo(expected, within(1e-12));
  }

  @Test
  void listwiseComparesTheRowsOfOneQueryAlone() {
    double[] logits = {1, 0, 5, 7};
    boolean[] relevant = {true, false, true, false};
    int[] queries = {0, 0, 1, 1};
    double expected = -(Math.log(sigmoid(1)) + Math.log(sigmoid(-2))) / 2;
    assertThat(RerankingLoss.LISTWISE.of(logits, relevant, queries).loss())
        .isCloseTo(expected, within(1e-12));
  }

  @ParameterizedTest
  @EnumSource
  void logitsAsLargeAsTheyComeStayFinite(RerankingLoss loss) {
    RerankingLoss.Result result =
        loss.of(new double[] {-900, 900}, new boolean[] {true, false}, new int[2]);
    assertThat(result.loss()).isBetween(899.0, 1801.0);
    assertThat(result.gradient()).doesNotContain(Double.NaN);
    assertThat(result.gradient()[0]).isNegative();
    assertThat(result.gradient()[1]).isPositive();
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
