package io.condenser.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.condenser.model.CrossEncoder;
import io.condenser.model.Dropout;
import io.condenser.model.Precision;
import io.condenser.model.Tensors;
import io.condenser.model.Weights;
import io.condenser.text.TokenBatch;
import io.condenser.text.TokenPair;
import io.condenser.training.workers.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RerankingStepTest {
  /** Of four pairs of up to 24 tokens: more than one piece of 4,096. */
  private static final int COPIES = 60;

  private final CrossEncoder encoder =
      CrossEncoderGoldenTest.load(CrossEncoderGoldenTest.golden(), ScalarType.Double);
  private final RerankingBatch batch =
      CrossEncoderGoldenTest.batch(CrossEncoderGoldenTest.golden());

  @AfterEach
  void close() {
    encoder.close();
  }

  @Test
  void listwiseGradientsAreThoseOfTheLibrarysSoftmax() {
    try (PointerScope _ = new PointerScope()) {
      Gradients.clear(encoder.parameters().tensors().values());
      int longest = batch.pairs().stream().mapToInt(TokenPair::length).max().orElseThrow();
      Tensor logits =
          encoder.score(
              Weights.of(encoder.parameters(), Precision.FP32),
              TokenBatch.ofPairs(batch.pairs(), 0, longest),
              Dropout.NONE);
      // the positives are row 0 of the first query, and row 3, the second one of the second
      Tensor first = logits.narrow(0, 0, 2).log_softmax(0).select(0, 0);
      Tensor second = logits.narrow(0, 2, 2).log_softmax(0).select(0, 1);
      Tensor loss = torch.stack(new TensorVector(first, second)).mean().neg();
      loss.backward();
      Map<String, double[]> expected = gradients();
      for (int chunkTokens : new int[] {1_000_000, 50, 1}) {
        Gradients.clear(encoder.parameters().tensors().values());
        double found =
            new RerankingStep(encoder, RerankingLoss.LISTWISE, Precision.FP32, 0, Workers.alone())
                .accumulate(batch, chunkTokens, 7, 1);
        assertThat(found).isCloseTo(loss.item_double(), within(1e-12));
        gradients()
            .forEach((name, values) ->
                assertThat(Golden.distance(values, expected.getOrDefault(name, new double[0])))
                    .as(name)
                    .isLessThan(1e-10));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void anyBudgetOfAtLeastOnePieceGivesTheSameBits(RerankingLoss loss) {
    List<TokenPair> pairs = new ArrayList<>();
    boolean[] relevant = new boolean[COPIES * batch.pairs().size()];
    int[] queries = new int[relevant.length];
    for (int row = 0; row < relevant.length; row++) {
      int from = row % batch.pairs().size();
      pairs.add(batch.pairs().get(from));
      relevant[row] = batch.relevant()[from];
      queries[row] = row % 7;
    }
    RerankingBatch many = new RerankingBatch(pairs, relevant, queries);
    RerankingStep step = new RerankingStep(encoder, loss, Precision.FP32, 0, Workers.alone());
    Gradients.clear(encoder.parameters().tensors().values());
    double whole = step.accumulate(many, 1 << 20, 7, 1);
    Map<String, double[]> expected = gradients();
    Gradients.clear(encoder.parameters().tensors().values());
    assertThat(step.accumulate(many, 4096, 7, 1)).isEqualTo(whole);
    gradients()
        .forEach((name, values) -> assertThat(values).as(name).isEqualTo(expected.get(name)));
  }

  @ParameterizedTest
  @EnumSource
  void theGradientOfAScaledLossIsTheScaledOneToTheBit(RerankingLoss loss) {
    RerankingStep step = new RerankingStep(encoder, loss, Precision.FP32, 0, Workers.alone());
    Gradients.clear(encoder.parameters().tensors().values());
    double plain = step.accumulate(batch, 50, 7, 1);
    Map<String, double[]> expected = gradients();
    Gradients.clear(encoder.parameters().tensors().values());
    assertThat(step.accumulate(batch, 50, 7, 1 << 12)).isEqualTo(plain);
    gradients()
        .forEach((name, scaled) ->
            assertThat(Arrays.stream(scaled).map(g -> g / (1 << 12)).toArray())
                .as(name)
                .isEqualTo(expected.get(name)));
  }

  private Map<String, double[]> gradients() {
    Map<String, double[]> gradients = new LinkedHashMap<>();
    encoder
        .parameters()
        .tensors()
        .forEach((name, tensor) -> {
          if (tensor.grad().defined()) {
            gradients.put(name, Tensors.doubles(tensor.grad()));
          }
        });
    return gradients;
  }
}
