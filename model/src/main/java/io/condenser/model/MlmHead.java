package io.condenser.model;

import static org.bytedeco.pytorch.global.torch.gelu;

import org.bytedeco.pytorch.Tensor;

/**
 * BERT's masked-language-model head: dense, GELU, LayerNorm, then the decoder, whose matrix is that
 * of the word embeddings. Condenser predicts through it from the backbone's last layer and from its
 * own head alike (Condenser, eq. 4).
 */
final class MlmHead {
  static final String PREFIX = "cls.predictions.";

  private final BertConfig config;

  MlmHead(BertConfig config) {
    this.config = config;
  }

  /**
   * Predictions of masked words.
   *
   * @param losses {@code [M]} the cross-entropy of each
   * @param surrogate a scalar whose gradient is that of scale × the sum of the losses; its value
   *     means nothing
   */
  record Predicted(Tensor losses, Tensor surrogate) {}

  /**
   * Predicts masked words. The gradient with respect to the decoder is added to its own at once.
   *
   * @param masked {@code [M, H]} hidden states at masked positions
   * @param labels {@code [M]} the pieces that were masked
   * @param scale what the sum of the losses is weighted with
   */
  Predicted predict(Weights weights, Tensor masked, Tensor labels, double scale) {
    Tensor transformed = gelu(weights.dense(PREFIX + "transform.dense", masked));
    Tensor features = // [M, H]: what the decoder sees
        weights.norm(PREFIX + "transform.LayerNorm", transformed, config.layerNormEps());
    VocabularyLoss.Result result = weights.vocabulary().of(features, labels, scale);
    return new Predicted(result.losses(), features.mul(result.gradient()).sum()); // ⟨v, h⟩
  }
}
