package io.condenser.model;

import static org.bytedeco.pytorch.global.torch.gelu;
import static org.bytedeco.pytorch.global.torch.linear;

import org.bytedeco.pytorch.Tensor;

/**
 * BERT's masked-language-model head: dense, GELU, LayerNorm, then the decoder, whose matrix is that
 * of the word embeddings. Condenser predicts through it from the backbone's last layer and from its
 * own head alike (Condenser, eq. 4).
 */
final class MlmHead {
  static final String PREFIX = "cls.predictions.";

  private final BertConfig config;
  private final Parameters parameters;

  MlmHead(BertConfig config, Parameters parameters) {
    this.config = config;
    this.parameters = parameters;
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
  Predicted predict(Tensor masked, Tensor labels, double scale) {
    Tensor features = features(masked);
    VocabularyLoss.Result result =
        new VocabularyLoss(
                parameters.get(Backbone.PREFIX + "embeddings.word_embeddings.weight"),
                parameters.get(PREFIX + "bias"),
                parameters.optional(PREFIX + "bias"))
            .of(features, labels, scale);
    return new Predicted(result.losses(), features.mul(result.gradient()).sum()); // ⟨v, h⟩
  }

  /** {@code [M, H]}: what the decoder sees. */
  private Tensor features(Tensor masked) {
    Tensor transformed =
        gelu(
            linear(
                masked,
                parameters.get(PREFIX + "transform.dense.weight"),
                parameters.optional(PREFIX + "transform.dense.bias")));
    return LayerNorm.apply(
        parameters, PREFIX + "transform.LayerNorm", transformed, config.layerNormEps());
  }
}
