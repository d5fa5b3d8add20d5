package io.condenser.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.condenser.model.Encoder;
import io.condenser.model.ModelFolder;
import io.condenser.model.Parameters;
import io.condenser.model.Pooling;
import io.condenser.model.Precision;
import io.condenser.text.CounterRandom;
import io.condenser.training.workers.Workers;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class BiEncoderGoldenTest {
  @ParameterizedTest
  @CsvSource({"Double,1e-9,1e-7", "Float,1e-5,1e-4"})
  void lossAndGradientsAreTheIndependentOnes(ScalarType type, double loss, double gradient) {
    Path path = Golden.folder("biencoder");
    ModelFolder folder = ModelFolder.open(path);
    Parameters parameters = new Parameters();
    folder.loadBackbone(parameters, type);
    try (Encoder encoder = new Encoder(folder.config(), parameters, Pooling.CLS, false)) {
      for (int chunkTokens : new int[] {1_000_000, 100, 1}) {
        Gradients.clear(parameters.tensors().values());
        double found =
            new BiEncoderStep(
                    encoder,
                    encoder,
                    new BiEncoderLoss(new ContrastiveLoss(1)),
                    Precision.FP32,
                    0,
                    Workers.alone())
                .accumulate(batch(path), chunkTokens, CounterRandom.at(7, 0, 0, 0), 1)
                .total();
        double expected = Golden.json(path.resolve("expected.json")).get("loss").asDouble();
        assertThat(found).isCloseTo(expected, within(loss * expected));
        Golden.assertTensors(
            path.resolve("expected_gradients.safetensors"),
            CondenserGoldenTest.gradients(parameters),
            name -> "bert." + name,
            gradient);
      }
    }
  }

  private static FinetuningBatch batch(Path path) {
    JsonNode json = Golden.json(path.resolve("batch.json"));
    List<int[]> queries = Golden.rows(json.get("query_ids"), json.get("query_mask"));
    List<int[]> passages = Golden.rows(json.get("passage_ids"), json.get("passage_mask"));
    int each = json.get("passages_per_query").asInt();
    return new FinetuningBatch(
        queries,
        passages,
        IntStream.range(0, queries.size()).map(query -> query * each).toArray(),
        new int[queries.size()][0]);
  }
}
