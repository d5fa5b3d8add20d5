package io.condenser.model;

import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;
import static org.bytedeco.pytorch.global.torch.gelu;
import static org.bytedeco.pytorch.global.torch.linear;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;

/**
 * BERT's masked-language-model head: dense, GELU, LayerNorm, then the decoder, whose matrix is that
 * of the word embeddings. Condenser predicts through it from the backbone's last layer and from its
 * own head alike (Condenser, eq. 4).
 */
final class MlmHead {
  static final String PREFIX = "cls.predictions.";

  /** {@code reduction} of the library's cross-entropy: the sum over rows. */
  private static final long SUM = 2;

  private final BertConfig config;
  private final Parameters parameters;

  MlmHead(BertConfig config, Parameters parameters) {
    this.config = config;
    this.parameters = parameters;
  }

  /**
   * The sum of the cross-entropies at masked positions; logits are computed there alone.
   *
   * @param h {@code [B, L, H]}
   * @param positions {@code [M]} flat, row × L + column
   * @param labels {@code [M]} the pieces that were masked
   */
  Tensor loss(Tensor h, Tensor positions, Tensor labels) {
    Tensor masked = h.reshape(-1, config.hiddenSize()).index_select(0, positions); // [M, H]
    Tensor logits = Tensors.widened(logits(masked)); // [M, V]
    return cross_entropy_loss(logits, labels, new TensorOptional(), SUM, -100, 0);
  }

  private Tensor logits(Tensor masked) {
    Tensor transformed =
        gelu(
            linear(
                masked,
                parameters.get(PREFIX + "transform.dense.weight"),
                parameters.optional(PREFIX + "transform.dense.bias")));
    Tensor normed =
        LayerNorm.apply(
            parameters, PREFIX + "transform.LayerNorm", transformed, config.layerNormEps());
    return linear(
        normed,
        parameters.get(Backbone.PREFIX + "embeddings.word_embeddings.weight"),
        parameters.optional(PREFIX + "bias"));
  }
}
