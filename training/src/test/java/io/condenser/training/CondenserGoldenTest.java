package io.condenser.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.condenser.model.ModelFolder;
import io.condenser.model.Parameters;
import io.condenser.model.Pooling;
import io.condenser.model.Precision;
import io.condenser.model.PretrainingModel;
import io.condenser.text.MaskedRow;
import io.condenser.training.workers.Workers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class CondenserGoldenTest {
  private static final int WHOLE_BATCH = 1_000_000;

  @ParameterizedTest
  @CsvSource({"Double,1e-9,1e-7", "Float,1e-5,1e-4"})
  void lossesAndGradientsAreTheIndependentOnes(ScalarType type, double loss, double gradient) {
    Path folder = Golden.folder("condenser");
    JsonNode expected = Golden.json(folder.resolve("expected.json"));
    try (PretrainingModel model = model(folder, type)) {
      for (int chunkTokens : new int[] {WHOLE_BATCH, 60, 24, 1}) {
        Gradients.clear(model.parameters().tensors().values());
        PretrainingStep.Losses found = step(model).accumulate(batch(folder), chunkTokens, 7, 1);
        assertThat(found.lateMlm()).isCloseTo(expected.get("late_mlm").asDouble(), relative(loss));
        assertThat(found.headMlm()).isCloseTo(expected.get("head_mlm").asDouble(), relative(loss));
        assertThat(found.contrastive())
            .isCloseTo(expected.get("contrastive").asDouble(), relative(loss));
        assertThat(found.total()).isCloseTo(expected.get("total").asDouble(), relative(loss));
        Golden.assertTensors(
            folder.resolve("expected_gradients.safetensors"),
            gradients(model.parameters()),
            CondenserGoldenTest::ours,
            gradient);
      }
    }
  }

  @Test
  void sixStepsOfAdamWGiveTheIndependentTraceAndWeights() {
    Path folder = Golden.folder("condenser");
    JsonNode trace = Golden.json(folder.resolve("expected.json")).get("trace");
    Schedule schedule = new Schedule(1e-3, 2, trace.size());
    try (PretrainingModel model = model(folder, ScalarType.Double)) {
      Map<String, Tensor> tensors = model.parameters().tensors();
      try (AdamW optimizer = new AdamW(tensors, 0.01)) {
        for (JsonNode expected : trace) {
          double rate = schedule.learningRate(expected.get("step").asLong());
          assertThat(rate).isCloseTo(expected.get("lr").asDouble(), within(1e-12));
          Gradients.clear(tensors.values());
          PretrainingStep.Losses losses = step(model).accumulate(batch(folder), WHOLE_BATCH, 7, 1);
          assertThat(losses.lateMlm())
              .isCloseTo(expected.get("late_mlm").asDouble(), relative(1e-8));
          assertThat(losses.headMlm())
              .isCloseTo(expected.get("head_mlm").asDouble(), relative(1e-8));
          assertThat(losses.contrastive())
              .isCloseTo(expected.get("contrastive").asDouble(), relative(1e-8));
          assertThat(Gradients.clip(tensors.values(), 1.0))
              .isCloseTo(expected.get("grad_norm_before_clip").asDouble(), relative(1e-7));
          optimizer.step(rate);
        }
      }
      Golden.assertTensors(
          folder.resolve("expected_after_6_steps.safetensors"),
          tensors,
          CondenserGoldenTest::ours,
          1e-6);
    }
  }

  private static Offset<Double> relative(double bound) {
    return within(bound * 10); // the losses lie between 2 and 16
  }

  static String ours(String golden) {
    return golden.startsWith("lm.") ? golden.substring(3) : golden;
  }

  static PretrainingModel model(Path path, ScalarType type) {
    ModelFolder folder = ModelFolder.open(path);
    Parameters parameters = new Parameters();
    folder.loadBackbone(parameters, type);
    folder.loadMlmHead(parameters, type);
    folder.loadCondenserHead(parameters, folder.headLayers(), type);
    return new PretrainingModel(
        folder.config(), parameters, 2, folder.headLayers(), Pooling.CLS, false);
  }

  static PretrainingStep step(PretrainingModel model) {
    return new PretrainingStep(model, new ContrastiveLoss(1), Precision.FP32, 0, Workers.alone());
  }

  static Map<String, Tensor> gradients(Parameters parameters) {
    Map<String, Tensor> gradients = new LinkedHashMap<>();
    parameters.tensors().forEach((name, tensor) -> gradients.put(name, tensor.grad()));
    return gradients;
  }

  static List<MaskedRow> batch(Path folder) {
    JsonNode json = Golden.json(folder.resolve("batch.json"));
    List<int[]> rows = Golden.rows(json.get("input_ids"), json.get("attention_mask"));
    List<MaskedRow> masked = new ArrayList<>();
    for (int r = 0; r < rows.size(); r++) {
      JsonNode labels = json.get("labels").get(r);
      int[] positions =
          IntStream.range(0, rows.get(r).length)
              .filter(i -> labels.get(i).asInt() != json.get("ignore_index").asInt())
              .toArray();
      int[] masks = IntStream.of(positions).map(i -> labels.get(i).asInt()).toArray();
      masked.add(new MaskedRow(rows.get(r), positions, masks));
    }
    return masked;
  }
}
