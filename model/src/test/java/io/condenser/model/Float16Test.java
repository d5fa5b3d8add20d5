package io.condenser.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.condenser.text.TokenBatch;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

/** Products in float16, which only GPUs are asked for, computed by the processor. */
class Float16Test {
  private static final BertConfig CONFIG = BertConfig.of(50, 32, 2, 4);
  private static final double SCALE = 65536;

  @Test
  void vectorsAreThoseOfFloat32UpToRounding() {
    TokenBatch batch = TokenBatch.of(List.of(new int[] {1, 7, 9, 2}, new int[] {1, 8, 2}), 0, 8);
    Parameters parameters = new Parameters();
    Fresh.add(parameters, BertLayout.backbone(CONFIG), 0.2, 1);
    try (Encoder encoder = new Encoder(CONFIG, parameters, Pooling.MEAN, true);
        PointerScope _ = new PointerScope()) {
      float[] wide = encode(encoder, ScalarType.Float, batch);
      float[] narrow = encode(encoder, ScalarType.Half, batch);
      assertThat(narrow).isNotEqualTo(wide).containsExactly(wide, within(5e-3f));
    }
  }

  private static float[] encode(Encoder encoder, ScalarType type, TokenBatch batch) {
    return Tensors.floats(
        encoder.encode(Weights.of(encoder.parameters(), type), batch, Dropout.NONE));
  }

  /** Of a batch of a million masked words each counts a millionth. */
  @Test
  void gradientsThatVanishInFloat16AreSavedByScalingTheLoss() {
    double[] wanted = gradient(ScalarType.Float, 1e-6);
    double[] vanished = gradient(ScalarType.Half, 1e-6);
    double[] saved =
        Arrays.stream(gradient(ScalarType.Half, SCALE * 1e-6)).map(g -> g / SCALE).toArray();
    assertThat(distance(wanted, vanished)).isGreaterThan(0.1);
    assertThat(distance(wanted, saved)).isLessThan(5e-3);
  }

  /** {@code [M, H]} of the vocabulary's loss with respect to the features. */
  private static double[] gradient(ScalarType type, double scale) {
    try (PointerScope _ = new PointerScope()) {
      Tensor decoder = random(1, 50, 32);
      VocabularyLoss loss = new VocabularyLoss(decoder, random(2, 50), type);
      Tensor labels = Tensors.integers(new int[] {3, 4, 49}, 3);
      return Tensors.doubles(loss.of(random(3, 3, 32).to(type), labels, scale).gradient());
    }
  }

  private static Tensor random(long seed, long... shape) {
    int count = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    double[] values = new Random(seed).doubles(count, -0.2, 0.2).toArray();
    return Tensors.numbers(values).view(shape).to(ScalarType.Float);
  }

  /** |a − b| / |a|. */
  private static double distance(double[] a, double[] b) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < a.length; i++) {
      difference += Math.pow(a[i] - b[i], 2);
      norm += a[i] * a[i];
    }
    return Math.sqrt(difference / norm);
  }
}
