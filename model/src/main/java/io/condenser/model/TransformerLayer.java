package io.condenser.model;

import static org.bytedeco.pytorch.global.torch.cat;
import static org.bytedeco.pytorch.global.torch.gelu;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.scaled_dot_product_attention;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;

/**
 * One layer of BERT (Devlin et al. 2019, after Vaswani et al. 2017): self-attention and
 * feed-forward, each with dropout, a residual connection and a LayerNorm after it.
 */
final class TransformerLayer {
  private final BertConfig config;
  private final Parameters parameters;
  private final String prefix;

  /**
   * @param prefix up to the layer's own names, e.g. {@code bert.encoder.layer.0}
   */
  TransformerLayer(BertConfig config, Parameters parameters, String prefix) {
    this.config = config;
    this.parameters = parameters;
    this.prefix = prefix + ".";
  }

  /**
   * One pass.
   *
   * @param h {@code [B, L, H]}
   * @param mask {@code [B, 1, 1, L]}, or empty
   * @return {@code [B, L, H]}
   */
  Tensor forward(Tensor h, TensorOptional mask, Dropout dropout) {
    Tensor context = dense("attention.output.dense", attention(h, mask, dropout));
    Tensor attended =
        norm("attention.output.LayerNorm", dropout.add(h, context, config.hiddenDropout()));
    Tensor inner = gelu(dense("intermediate.dense", attended)); // [B, L, I]
    Tensor outer = dense("output.dense", inner);
    return norm("output.LayerNorm", dropout.add(attended, outer, config.hiddenDropout()));
  }

  private Tensor attention(Tensor h, TensorOptional mask, Dropout dropout) {
    long heads = config.numAttentionHeads();
    Tensor projected = // [B, L, 3H], never narrower than float32
        Tensors.widened(linear(h, joined("weight"), new TensorOptional(joined("bias"))));
    TensorVector parts =
        projected.view(h.size(0), h.size(1), 3, heads, config.hiddenSize() / heads).unbind(2);
    Tensor query = parts.get(0).transpose(1, 2); // [B, A, L, D]
    Tensor key = parts.get(1).transpose(1, 2);
    Tensor value = parts.get(2).transpose(1, 2);
    Tensor context;
    try (Autocast _ = Autocast.off()) { // the library's bf16 attention on a CPU is 2 × slower
      context =
          dropout.losesAny(config.attentionDropout())
              ? attention(query, key, value, mask, dropout)
              : scaled_dot_product_attention(
                  query, key, value, mask, 0, false, new DoubleOptional(), false);
    }
    return context.transpose(1, 2).reshape(h.size(0), h.size(1), config.hiddenSize());
  }

  /** softmax(q kᵀ / √D) v, in which some of the weights are lost. */
  private Tensor attention(
      Tensor query, Tensor key, Tensor value, TensorOptional mask, Dropout dropout) {
    Tensor scores =
        query.mul(new Scalar(1 / Math.sqrt((double) query.size(3)))).matmul(key.transpose(2, 3));
    if (mask.has_value()) {
      scores = scores.masked_fill(mask.get().logical_not(), new Scalar(Double.NEGATIVE_INFINITY));
    }
    Tensor weights = dropout.apply(scores.softmax(3), config.attentionDropout()); // [B, A, L, L]
    return weights.matmul(value);
  }

  /** Query, key and value projections in one product. */
  private Tensor joined(String name) {
    String self = prefix + "attention.self.";
    return cat(
        new TensorVector(
            parameters.get(self + "query." + name),
            parameters.get(self + "key." + name),
            parameters.get(self + "value." + name)),
        0);
  }

  private Tensor dense(String name, Tensor x) {
    return linear(
        x, parameters.get(prefix + name + ".weight"), parameters.optional(prefix + name + ".bias"));
  }

  private Tensor norm(String name, Tensor x) {
    return LayerNorm.apply(parameters, prefix + name, x, config.layerNormEps());
  }
}
