package io.condenser.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.condenser.storage.Safetensors;
import io.condenser.text.TokenBatch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Hidden states, embeddings and logits of an independent implementation (float64). */
class GoldenTest {
  private static final double ROUNDING = 1e-6; // the expected ones are stored in float32

  @Test
  void hiddenStatesOfBackboneAndCondenserHead() {
    Path path = golden("condenser");
    ModelFolder folder = ModelFolder.open(path);
    try (Parameters parameters = new Parameters();
        PointerScope _ = new PointerScope();
        Safetensors expected = Safetensors.open(path.resolve("expected_hidden.safetensors"))) {
      folder.loadBackbone(parameters, ScalarType.Double);
      folder.loadCondenserHead(parameters, 2, ScalarType.Double);
      TokenBatch batch = batch(json(path.resolve("batch.json")), "input_ids", "attention_mask");
      Inputs inputs = Inputs.of(batch);
      Weights weights = Weights.of(parameters, Precision.FP32);
      Backbone.Hidden hidden =
          new Backbone(folder.config()).forward(weights, inputs, 2, Dropout.NONE);
      Tensor head =
          new CondenserHead(folder.config(), 2)
              .forward(weights, hidden.late().select(1, 0), hidden.early(), inputs, Dropout.NONE);
      assertVisible(hidden.early(), expected, "early", batch);
      assertVisible(head, expected, "head", batch);
      assertClose(hidden.late().select(1, 0), expected, "cls");
    }
  }

  @Test
  void embeddingsOfQueriesAndPassages() {
    Path path = golden("biencoder");
    ModelFolder folder = ModelFolder.open(path);
    Parameters parameters = new Parameters();
    folder.loadBackbone(parameters, ScalarType.Double);
    try (Encoder encoder = new Encoder(folder.config(), parameters, Pooling.CLS, false);
        PointerScope _ = new PointerScope();
        Safetensors expected = Safetensors.open(path.resolve("expected_embeddings.safetensors"))) {
      Weights weights = Weights.of(parameters, Precision.FP32);
      JsonNode json = json(path.resolve("batch.json"));
      TokenBatch queries = batch(json, "query_ids", "query_mask");
      TokenBatch passages = batch(json, "passage_ids", "passage_mask");
      assertClose(encoder.encode(weights, queries, Dropout.NONE), expected, "queries");
      assertClose(encoder.encode(weights, passages, Dropout.NONE), expected, "passages");
    }
  }

  @Test
  void logitsAndLossOfTheCrossEncoder() {
    Path path = golden("crossencoder");
    ModelFolder folder = ModelFolder.open(path);
    Parameters parameters = new Parameters();
    folder.loadBackbone(parameters, ScalarType.Double);
    folder.loadClassifier(parameters, ScalarType.Double);
    JsonNode json = json(path.resolve("batch.json"));
    JsonNode expected = json(path.resolve("expected.json"));
    try (CrossEncoder encoder = new CrossEncoder(folder.config(), parameters);
        PointerScope _ = new PointerScope()) {
      Weights weights = Weights.of(parameters, Precision.FP32);
      TokenBatch pairs = batch(json, "input_ids", "attention_mask");
      Tensor logits =
          encoder.score(weights, withTypes(pairs, json.get("token_type_ids")), Dropout.NONE);
      assertThat(Tensors.doubles(logits))
          .containsExactly(doubles(expected.get("logits")), within(1e-9));
      double[] labels = doubles(json.get("labels"));
      Tensor loss =
          torch.binary_cross_entropy_with_logits(
              logits, Tensor.create(labels), new TensorOptional(), new TensorOptional(), 1);
      assertThat(loss.item_double()).isCloseTo(expected.get("loss").asDouble(), within(1e-9));
      loss.backward();
      assertGradients(path.resolve("expected_gradients.safetensors"), parameters);
    }
  }

  private static void assertGradients(Path file, Parameters parameters) {
    try (Safetensors expected = Safetensors.open(file)) {
      assertThat(expected.tensors()).isNotEmpty();
      for (String name : expected.tensors().keySet()) {
        double[] found = Tensors.doubles(parameters.get(name).grad());
        double[] wanted = Tensors.doubles(Tensors.copyOf(expected.tensor(name)));
        double norm = Math.sqrt(Arrays.stream(wanted).map(x -> x * x).sum());
        double distance =
            Math.sqrt(
                IntStream.range(0, found.length)
                    .mapToDouble(i -> Math.pow(found[i] - wanted[i], 2))
                    .sum());
        // a key's bias has no gradient but rounding: a softmax does not see what all scores share
        assertThat(distance / (norm < 1e-10 ? 1 : norm)).as(name).isLessThan(1e-7);
      }
    }
  }

  /** Hidden states at padding are nobody's: only visible tokens are compared. */
  private static void assertVisible(
      Tensor found, Safetensors expected, String name, TokenBatch batch) {
    Tensor wanted = Tensors.copyOf(expected.tensor(name)).to(ScalarType.Double);
    for (int row = 0; row < batch.rows(); row++) {
      int length = batch.lengths()[row];
      assertThat(Tensors.doubles(found.select(0, row).narrow(0, 0, length)))
          .as(name + " " + row)
          .containsExactly(
              Tensors.doubles(wanted.select(0, row).narrow(0, 0, length)), within(ROUNDING));
    }
  }

  private static void assertClose(Tensor found, Safetensors expected, String name) {
    Tensor wanted = Tensors.copyOf(expected.tensor(name)).to(ScalarType.Double);
    assertThat(Tensors.doubles(found))
        .as(name)
        .containsExactly(Tensors.doubles(wanted), within(ROUNDING));
  }

  private static Path golden(String name) {
    Path folder = Path.of(System.getProperty("condenser.shared", "../../shared"), "golden", name);
    Assumptions.assumeTrue(
        Files.isDirectory(folder), "skipped: the golden numbers are not at " + folder);
    return folder;
  }

  private static JsonNode json(Path file) {
    return new ObjectMapper().readTree(file);
  }

  private static TokenBatch batch(JsonNode json, String ids, String mask) {
    return TokenBatch.of(
        IntStream.range(0, json.get(ids).size())
            .mapToObj(row ->
                Arrays.copyOf(
                    integers(json.get(ids).get(row)),
                    IntStream.of(integers(json.get(mask).get(row))).sum()))
            .toList(),
        0);
  }

  private static TokenBatch withTypes(TokenBatch batch, JsonNode types) {
    int[] flat = new int[batch.ids().length];
    for (int row = 0; row < batch.rows(); row++) {
      System.arraycopy(integers(types.get(row)), 0, flat, row * batch.length(), batch.length());
    }
    return new TokenBatch(batch.rows(), batch.length(), batch.ids(), batch.lengths(), flat);
  }

  private static int[] integers(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
  }

  private static double[] doubles(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }
}
