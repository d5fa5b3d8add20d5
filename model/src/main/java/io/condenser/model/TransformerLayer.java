package io.condenser.model;

import static org.bytedeco.pytorch.global.torch.dropout;
import static org.bytedeco.pytorch.global.torch.gelu;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.scaled_dot_product_attention;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;

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
  Tensor forward(Tensor h, TensorOptional mask, boolean training) {
    Tensor context = attention(h, mask, training);
    Tensor attended =
        norm(
            "attention.output.LayerNorm",
            dropped("attention.output.dense", context, training).add(h));
    Tensor inner = gelu(dense("intermediate.dense", attended)); // [B, L, I]
    return norm("output.LayerNorm", dropped("output.dense", inner, training).add(attended));
  }

  private Tensor attention(Tensor h, TensorOptional mask, boolean training) {
    Tensor query = heads(dense("attention.self.query", h)); // [B, A, L, D]
    Tensor key = heads(dense("attention.self.key", h));
    Tensor value = heads(dense("attention.self.value", h));
    Tensor context;
    try (Autocast _ = Autocast.off()) { // the library's bf16 attention on a CPU is 2 × slower
      context =
          scaled_dot_product_attention(
              query,
              key,
              value,
              mask,
              training ? config.attentionDropout() : 0,
              false,
              new DoubleOptional(),
              false);
    }
    return context.transpose(1, 2).reshape(h.size(0), h.size(1), config.hiddenSize());
  }

  /** {@code [B, L, H]} to {@code [B, A, L, D]}, never narrower than float32. */
  private Tensor heads(Tensor x) {
    long heads = config.numAttentionHeads();
    Tensor split = x.view(x.size(0), x.size(1), heads, config.hiddenSize() / heads);
    return Tensors.widened(split).transpose(1, 2);
  }

  private Tensor dense(String name, Tensor x) {
    return linear(
        x, parameters.get(prefix + name + ".weight"), parameters.optional(prefix + name + ".bias"));
  }

  private Tensor dropped(String name, Tensor x, boolean training) {
    return dropout(dense(name, x), config.hiddenDropout(), training);
  }

  private Tensor norm(String name, Tensor x) {
    return LayerNorm.apply(parameters, prefix + name, x, config.layerNormEps());
  }
}
