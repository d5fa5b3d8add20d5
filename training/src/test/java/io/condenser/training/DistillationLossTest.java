package io.condenser.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.condenser.model.Tensors;
import io.condenser.storage.InputException;
import io.condenser.training.Distillation.Objective;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DistillationLossTest {
  private static final int QUERIES = 4;
  private static final int PASSAGES = 6;
  private static final int WIDTH = 3;

  /** Passages are shared, lists of different lengths, one query has none. */
  private static final int[][] ROWS = {{0, 1, 2}, {3, 0}, {}, {5, 4, 1, 0}};

  private static final double[][] LOGITS = {{4, -1, 2.5}, {-3, 1}, {}, {9, -7, 0, 0.5}};

  /** Worked out by hand: logits 2 and 0 against products ln 3 and 0, so P = .8808, S = .75. */
  @Test
  void aListOfTwoIsWhatPaperAndPencilGive() {
    double[] query = {1, 0};
    double[] passages = {Math.log(3), 0, 0, 1};
    try (PointerScope _ = new PointerScope()) {
      DistillationLoss.Lists lists =
          new DistillationLoss.Lists(new int[][] {{0, 1}}, new double[][] {{2, 0}});
      Tensor q = Tensor.create(query, 1, 2);
      Tensor p = Tensor.create(passages, 2, 2);
      // .8808 ln(.8808 / .75) + .1192 ln(.1192 / .25)
      assertThat(new DistillationLoss(Objective.KL, 1, 1).of(q, p, lists).loss())
          .isCloseTo(0.053306, within(1e-6));
      // (ln 3 − 2)² = .901388²
      assertThat(new DistillationLoss(Objective.MARGIN_MSE, 1, 1).of(q, p, lists).loss())
          .isCloseTo(0.812500, within(1e-5));
    }
  }

  @ParameterizedTest
  @CsvSource({"KL,1,1", "KL,0.3,2", "MARGIN_MSE,1,1", "MARGIN_MSE,0.3,2"})
  void lossIsTheDefinition(Objective objective, double temperature, double teacherTemperature) {
    double[] queries = random(QUERIES * WIDTH, 1);
    double[] passages = random(PASSAGES * WIDTH, 2);
    try (PointerScope _ = new PointerScope()) {
      assertThat(loss(objective, temperature, teacherTemperature, queries, passages).loss())
          .isCloseTo(
              defined(objective, temperature, teacherTemperature, queries, passages),
              within(1e-12));
    }
  }

  @ParameterizedTest
  @CsvSource({"KL,0.3,2", "MARGIN_MSE,0.3,2"})
  void gradientsAreTheDifferenceQuotients(
      Objective objective, double temperature, double teacherTemperature) {
    double[] queries = random(QUERIES * WIDTH, 1);
    double[] passages = random(PASSAGES * WIDTH, 2);
    DoubleSupplier defined =
        () -> defined(objective, temperature, teacherTemperature, queries, passages);
    try (PointerScope _ = new PointerScope()) {
      ContrastiveLoss.Result result =
          loss(objective, temperature, teacherTemperature, queries, passages);
      assertQuotients(queries, Tensors.doubles(result.queries()), defined);
      assertQuotients(passages, Tensors.doubles(result.passages()), defined);
    }
  }

  @ParameterizedTest
  @EnumSource(value = Objective.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void aStudentThatScoresAsItsTeacherHasNothingToLearn(Objective objective) {
    double[] queries = random(QUERIES * WIDTH, 1);
    double[] passages = random(PASSAGES * WIDTH, 2);
    double[][] same = new double[QUERIES][];
    for (int q = 0; q < QUERIES; q++) {
      same[q] = new double[ROWS[q].length];
      for (int j = 0; j < same[q].length; j++) {
        same[q][j] = 3 + 2 * product(queries, q, passages, ROWS[q][j]); // a constant is no matter
      }
    }
    try (PointerScope _ = new PointerScope()) {
      ContrastiveLoss.Result result =
          new DistillationLoss(objective, 0.5, 1)
              .of(
                  Tensor.create(queries, QUERIES, WIDTH),
                  Tensor.create(passages, PASSAGES, WIDTH),
                  new DistillationLoss.Lists(ROWS, same));
      assertThat(result.loss()).isCloseTo(0, within(1e-12));
      assertThat(Tensors.doubles(result.queries())).containsOnly(new double[] {0}, within(1e-12));
    }
  }

  @Test
  void logitsFarApartStayFinite() {
    try (PointerScope _ = new PointerScope()) {
      ContrastiveLoss.Result result =
          new DistillationLoss(Objective.KL, 0.001, 0.001)
              .of(
                  Tensor.create(new double[] {1, 0}, 1, 2),
                  Tensor.create(new double[] {5, 0, -5, 0}, 2, 2),
                  new DistillationLoss.Lists(new int[][] {{0, 1}}, new double[][] {{-9, 9}}));
      assertThat(result.loss()).isCloseTo(10_000, within(1e-6)); // all weight on one that has none
      assertThat(Tensors.doubles(result.passages())).doesNotContain(Double.NaN);
    }
  }

  @Test
  void aBatchWithoutListsCostsNothing() {
    try (PointerScope _ = new PointerScope()) {
      ContrastiveLoss.Result result =
          new DistillationLoss(Objective.KL, 1, 1)
              .of(
                  Tensor.create(random(2 * WIDTH, 1), 2, WIDTH),
                  Tensor.create(random(3 * WIDTH, 2), 3, WIDTH),
                  new DistillationLoss.Lists(new int[2][0], new double[2][0]));
      assertThat(result.loss()).isZero();
      assertThat(Tensors.doubles(result.passages())).containsOnly(0);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0,1,4,distillation-weight is 0.0",
    "1.5,1,4,distillation-weight is 1.5",
    "0.5,0,4,teacher-temperature is 0.0",
    "0.5,1,0,distillation-candidates is 0"
  })
  void settingsOutOfRangeAreRefusedByName(
      double weight, double temperature, int candidates, String message) {
    assertThatThrownBy(() -> new Distillation(Objective.KL, weight, temperature, candidates))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }

  private static ContrastiveLoss.Result loss(
      Objective objective,
      double temperature,
      double teacher,
      double[] queries,
      double[] passages) {
    return new DistillationLoss(objective, temperature, teacher)
        .of(
            Tensor.create(queries, QUERIES, WIDTH),
            Tensor.create(passages, PASSAGES, WIDTH),
            new DistillationLoss.Lists(ROWS, LOGITS));
  }

  /** The formulas, term by term. */
  private static double defined(
      Objective objective,
      double temperature,
      double teacher,
      double[] queries,
      double[] passages) {
    double sum = 0;
    for (int q = 0; q < QUERIES; q++) {
      int count = ROWS[q].length;
      double[] t = new double[count];
      double[] s = new double[count];
      double teacherSum = 0;
      double studentSum = 0;
      for (int j = 0; j < count; j++) {
        t[j] = LOGITS[q][j] / teacher;
        s[j] = product(queries, q, passages, ROWS[q][j]) / temperature;
        teacherSum += Math.exp(t[j]);
        studentSum += Math.exp(s[j]);
      }
      for (int j = 0; j < count; j++) {
        double p = Math.exp(t[j]) / teacherSum;
        double margin = s[0] - s[j] - (t[0] - t[j]);
        sum +=
            objective == Objective.KL
                ? p * Math.log(p / (Math.exp(s[j]) / studentSum))
                : margin * margin / (count - 1);
      }
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

  private static void assertQuotients(double[] at, double[] gradient, DoubleSupplier loss) {
    double step = 1e-6;
    for (int i = 0; i < at.length; i++) {
      double kept = at[i];
      at[i] = kept + step;
      double above = loss.getAsDouble();
      at[i] = kept - step;
      double below = loss.getAsDouble();
      at[i] = kept;
      assertThat(gradient[i]).isCloseTo((above - below) / (2 * step), within(1e-6));
    }
  }

  private static double[] random(int count, long seed) {
    return new Random(seed).doubles(count, -1, 1).toArray();
  }
}
