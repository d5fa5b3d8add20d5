package io.condenser.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.condenser.model.BertConfig;
import io.condenser.model.BertLayout;
import io.condenser.model.Fresh;
import io.condenser.model.Parameters;
import io.condenser.model.Pooling;
import io.condenser.model.Precision;
import io.condenser.model.PretrainingModel;
import io.condenser.model.Tensors;
import io.condenser.text.MaskedRow;
import io.condenser.training.workers.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GradientCacheTest {
  private static final int LONGEST = 12;
  private static final BertConfig CONFIG =
      new BertConfig(64, 32, 4, 4, 64, 32, 2, 1e-12, 0.1, 0.1, 0.1);

  /** The uncached pass is one chunk of all rows, whose graph is kept. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8})
  void cachedGradientIsTheUncachedOneWithDropout(int rowsInChunk) {
    try (PretrainingModel model = model()) {
      Map<String, double[]> uncached = gradients(model, 1 << 20);
      Map<String, double[]> cached = gradients(model, rowsInChunk * LONGEST);
      double difference = 0;
      double norm = 0;
      for (String name : uncached.keySet()) {
        double[] a = uncached.getOrDefault(name, new double[0]);
        difference += Math.pow(Golden.distance(cached.getOrDefault(name, new double[0]), a), 2);
        norm += Math.pow(Golden.norm(a), 2);
      }
      assertThat(Math.sqrt(difference / norm)).isLessThan(1e-6);
    }
  }

  /** So that how much memory is free makes no difference to what is learnt. */
  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"FP32", "BF16"})
  void keptGraphsGiveTheSameBitsAsASecondPass(Precision precision) {
    List<MaskedRow> many = rows(400); // more tokens than a chunk takes
    try (PretrainingModel model = model()) {
      Map<String, double[]> kept = gradients(model, many, 1 << 20, precision);
      Map<String, double[]> again = gradients(model, many, 4096, precision);
      kept.forEach(
          (name, gradient) -> assertThat(again.get(name)).as(name).containsExactly(gradient));
    }
  }

  /** Chunks that are kept and chunks that pass twice, and all losses. */
  @ParameterizedTest
  @ValueSource(ints = {1 << 20, 3 * LONGEST})
  void theGradientOfAScaledLossIsTheScaledOneToTheBit(int chunkTokens) {
    try (PretrainingModel model = model()) {
      Map<String, double[]> plain = gradients(model, chunkTokens);
      Map<String, double[]> scaled =
          gradients(model, rows(8), chunkTokens, Precision.FP32, 1 << 12);
      plain.forEach((name, gradient) ->
          assertThat(Arrays.stream(scaled.get(name)).map(g -> g / (1 << 12)).toArray())
              .as(name)
              .containsExactly(gradient));
    }
  }

  private static Map<String, double[]> gradients(PretrainingModel model, int chunkTokens) {
    return gradients(model, rows(8), chunkTokens, Precision.FP32);
  }

  private static Map<String, double[]> gradients(
      PretrainingModel model, List<MaskedRow> rows, int chunkTokens, Precision precision) {
    return gradients(model, rows, chunkTokens, precision, 1);
  }

  private static Map<String, double[]> gradients(
      PretrainingModel model,
      List<MaskedRow> rows,
      int chunkTokens,
      Precision precision,
      double scale) {
    Gradients.clear(model.parameters().tensors().values());
    PretrainingStep step =
        new PretrainingStep(model, new ContrastiveLoss(1), precision, 0, Workers.alone());
    step.accumulate(rows, chunkTokens, 100, scale);
    Map<String, double[]> gradients = new LinkedHashMap<>();
    try (PointerScope _ = new PointerScope()) {
      CondenserGoldenTest.gradients(model.parameters())
          .forEach((name, gradient) -> gradients.put(name, Tensors.doubles(gradient)));
    }
    return gradients;
  }

  private static PretrainingModel model() {
    Parameters parameters = new Parameters();
    Fresh.add(parameters, BertLayout.backbone(CONFIG), 0.1, 1);
    Fresh.add(parameters, BertLayout.mlmHead(CONFIG), 0.1, 2);
    Fresh.add(parameters, BertLayout.condenserHead(CONFIG, 2), 0.1, 3);
    return new PretrainingModel(CONFIG, parameters, 2, 2, Pooling.CLS, false);
  }

  private static List<MaskedRow> rows(int count) {
    Random random = new Random(5);
    List<MaskedRow> rows = new ArrayList<>();
    for (int r = 0; r < count; r++) {
      int[] ids = random.ints(LONGEST - r % 4, 5, CONFIG.vocabSize()).toArray();
      rows.add(new MaskedRow(ids, new int[] {2, 7}, random.ints(2, 5, 60).toArray()));
    }
    return rows;
  }
}
