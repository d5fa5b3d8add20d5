package io.condenser.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.condenser.model.BertConfig;
import io.condenser.model.BertLayout;
import io.condenser.model.Encoder;
import io.condenser.model.Fresh;
import io.condenser.model.ModelFolder;
import io.condenser.model.Parameters;
import io.condenser.model.Pooling;
import io.condenser.model.Precision;
import io.condenser.model.Tensors;
import io.condenser.text.CounterRandom;
import io.condenser.training.Distillation.Objective;
import io.condenser.training.workers.Workers;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A step with a teacher, from the losses to the parameters. */
class BiEncoderStepTest {
  private static final int QUERIES = 8;
  private static final int PASSAGES = 40;
  private static final BertConfig CONFIG =
      new BertConfig(64, 32, 2, 4, 64, 32, 2, 1e-12, 0.1, 0.1, 0.1);

  /** Along the gradient g the loss must rise by |g|² a unit. */
  @ParameterizedTest
  @EnumSource(value = Objective.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void theGradientOfAllParametersIsTheDifferenceQuotient(Objective objective) {
    ModelFolder folder = ModelFolder.open(Golden.folder("biencoder"));
    Parameters parameters = new Parameters();
    folder.loadBackbone(parameters, ScalarType.Double);
    FinetuningBatch batch = batch(QUERIES, 20, folder.config().vocabSize());
    try (Encoder encoder = new Encoder(folder.config(), parameters, Pooling.CLS, false);
        PointerScope _ = new PointerScope()) {
      total(encoder, objective, batch, 1 << 20);
      Map<String, Tensor> gradients = new LinkedHashMap<>();
      CondenserGoldenTest.gradients(parameters)
          .forEach((name, gradient) -> gradients.put(name, gradient.clone()));
      double squares =
          gradients.values().stream()
              .mapToDouble(g -> Math.pow(Golden.norm(Tensors.doubles(g)), 2))
              .sum();
      double step = 1e-6 / Math.sqrt(squares);
      move(parameters, gradients, step);
      double above = total(encoder, objective, batch, 1 << 20);
      move(parameters, gradients, -2 * step);
      double below = total(encoder, objective, batch, 1 << 20);
      assertThat((above - below) / (2 * step)).isCloseTo(squares, within(1e-5 * squares));
    }
  }

  @ParameterizedTest
  @EnumSource(value = Objective.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void chunksGiveWhatTheWholeGivesWithDropout(Objective objective) {
    Parameters parameters = new Parameters();
    Fresh.add(parameters, BertLayout.backbone(CONFIG), 0.1, 1);
    try (Encoder encoder = new Encoder(CONFIG, parameters, Pooling.CLS, false)) {
      FinetuningBatch batch = batch(QUERIES, PASSAGES, CONFIG.vocabSize());
      double whole = total(encoder, objective, batch, 1 << 20);
      Map<String, double[]> expected = gradients(parameters);
      for (int chunkTokens : new int[] {100, 1}) {
        assertThat(total(encoder, objective, batch, chunkTokens))
            .isCloseTo(whole, within(1e-6 * whole));
        double difference = 0;
        double norm = 0;
        Map<String, double[]> found = gradients(parameters);
        for (String name : expected.keySet()) {
          double[] a = expected.getOrDefault(name, new double[0]);
          difference += Math.pow(Golden.distance(found.getOrDefault(name, new double[0]), a), 2);
          norm += Math.pow(Golden.norm(a), 2);
        }
        assertThat(Math.sqrt(difference / norm)).isLessThan(1e-5);
      }
    }
  }

  @Test
  void theGradientOfAScaledLossIsTheScaledOneToTheBit() {
    Parameters parameters = new Parameters();
    Fresh.add(parameters, BertLayout.backbone(CONFIG), 0.1, 1);
    try (Encoder encoder = new Encoder(CONFIG, parameters, Pooling.CLS, false)) {
      FinetuningBatch batch = batch(QUERIES, PASSAGES, CONFIG.vocabSize());
      double loss = total(encoder, Objective.KL, batch, 100);
      Map<String, double[]> plain = gradients(parameters);
      assertThat(total(encoder, Objective.KL, batch, 100, 1 << 12)).isEqualTo(loss);
      gradients(parameters)
          .forEach((name, scaled) ->
              assertThat(Arrays.stream(scaled).map(g -> g / (1 << 12)).toArray())
                  .as(name)
                  .isEqualTo(plain.get(name)));
    }
  }

  private static double total(
      Encoder encoder, Objective objective, FinetuningBatch batch, int chunkTokens) {
    return total(encoder, objective, batch, chunkTokens, 1);
  }

  private static double total(
      Encoder encoder, Objective objective, FinetuningBatch batch, int chunkTokens, double scale) {
    Gradients.clear(encoder.parameters().tensors().values());
    BiEncoderLoss loss =
        new BiEncoderLoss(new ContrastiveLoss(1), new DistillationLoss(objective, 1, 2), 0.4);
    BiEncoderLoss.Losses losses =
        new BiEncoderStep(encoder, encoder, loss, Precision.FP32, 0, Workers.alone())
            .accumulate(batch, chunkTokens, CounterRandom.at(7, 0, 0, 0), scale);
    assertThat(losses.total())
        .isCloseTo(0.6 * losses.contrastive() + 0.4 * losses.distillation(), within(1e-9));
    return losses.total();
  }

  private static void move(Parameters parameters, Map<String, Tensor> by, double step) {
    try (NoGradGuard _ = new NoGradGuard()) {
      by.forEach((name, gradient) -> parameters.get(name).add_(gradient, new Scalar(step)));
    }
  }

  private static Map<String, double[]> gradients(Parameters parameters) {
    Map<String, double[]> gradients = new LinkedHashMap<>();
    try (PointerScope _ = new PointerScope()) {
      CondenserGoldenTest.gradients(parameters)
          .forEach((name, gradient) -> gradients.put(name, Tensors.doubles(gradient)));
    }
    return gradients;
  }

  /**
   * Query i's positive is passage i; the others of its list are drawn, and the last has no list.
   */
  private static FinetuningBatch batch(int queries, int passages, int vocabulary) {
    Random random = new Random(3);
    int[][] lists = new int[queries][0];
    double[][] logits = new double[queries][0];
    for (int q = 0; q < queries - 1; q++) {
      lists[q] = new int[] {q, queries + q, queries + (q + 3) % 9};
      logits[q] = random.doubles(3, -3, 3).toArray();
    }
    return new FinetuningBatch(
        texts(random, queries, vocabulary),
        texts(random, passages, vocabulary),
        IntStream.range(0, queries).toArray(),
        new int[queries][0],
        new DistillationLoss.Lists(lists, logits));
  }

  private static List<int[]> texts(Random random, int count, int vocabulary) {
    return IntStream.range(0, count)
        .mapToObj(i -> random.ints(4 + i % 7, 5, vocabulary).toArray())
        .toList();
  }
}
