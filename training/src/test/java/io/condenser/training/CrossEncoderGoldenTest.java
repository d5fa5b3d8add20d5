package io.condenser.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.condenser.model.CrossEncoder;
import io.condenser.model.Dropout;
import io.condenser.model.ModelFolder;
import io.condenser.model.Parameters;
import io.condenser.model.Precision;
import io.condenser.model.Tensors;
import io.condenser.model.Weights;
import io.condenser.text.TokenBatch;
import io.condenser.text.TokenPair;
import io.condenser.training.workers.Workers;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The independent numbers lie in {@code resources/golden/crossencoder}. */
class CrossEncoderGoldenTest {
  @ParameterizedTest
  @CsvSource({"Double,1e-9,1e-7", "Float,1e-5,1e-4"})
  void logitsLossAndGradientsAreTheIndependentOnes(
      ScalarType type, double rounding, double gradient) {
    Path path = golden();
    JsonNode expected = Golden.json(path.resolve("expected.json"));
    try (CrossEncoder encoder = load(path, type)) {
      RerankingBatch batch = batch(path);
      assertLogits(encoder, batch.pairs(), expected.get("logits"), rounding);
      for (int chunkTokens : new int[] {1_000_000, 50, 1}) {
        Gradients.clear(encoder.parameters().tensors().values());
        double loss =
            new RerankingStep(encoder, RerankingLoss.POINTWISE, Precision.FP32, 0, Workers.alone())
                .accumulate(batch, chunkTokens, 7, 1);
        assertThat(loss).isCloseTo(expected.get("loss").asDouble(), within(rounding));
        Golden.assertTensors(
            path.resolve("expected_gradients.safetensors"),
            CondenserGoldenTest.gradients(encoder.parameters()),
            name -> name,
            gradient);
      }
    }
  }

  private static void assertLogits(
      CrossEncoder encoder, List<TokenPair> pairs, JsonNode expected, double rounding) {
    int longest = pairs.stream().mapToInt(TokenPair::length).max().orElseThrow();
    try (PointerScope _ = new PointerScope()) {
      double[] logits =
          Tensors.doubles(
              encoder.score(
                  Weights.of(encoder.parameters(), Precision.FP32),
                  TokenBatch.ofPairs(pairs, 0, longest),
                  Dropout.NONE));
      double[] wanted =
          StreamSupport.stream(expected.spliterator(), false)
              .mapToDouble(JsonNode::asDouble)
              .toArray();
      assertThat(logits).containsExactly(wanted, within(rounding));
    }
  }

  static CrossEncoder load(Path path, ScalarType type) {
    ModelFolder folder = ModelFolder.open(path);
    Parameters parameters = new Parameters();
    folder.loadBackbone(parameters, type);
    folder.loadClassifier(parameters, type);
    return new CrossEncoder(folder.config(), parameters);
  }

  static Path golden() {
    try {
      return Path.of(
          Objects.requireNonNull(CrossEncoderGoldenTest.class.getResource("/golden/crossencoder"))
              .toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** Its four pairs, as those of two queries. */
  static RerankingBatch batch(Path path) {
    JsonNode json = Golden.json(path.resolve("batch.json"));
    List<int[]> rows = Golden.rows(json.get("input_ids"), json.get("attention_mask"));
    List<TokenPair> pairs = new ArrayList<>();
    boolean[] relevant = new boolean[rows.size()];
    for (int row = 0; row < rows.size(); row++) {
      int from = 0;
      while (json.get("token_type_ids").get(row).get(from).asInt() == 0) {
        from++;
      }
      pairs.add(new TokenPair(rows.get(row), from));
      relevant[row] = json.get("labels").get(row).asDouble() == 1;
    }
    return new RerankingBatch(pairs, relevant, new int[] {0, 0, 1, 1});
  }
}
