package io.condenser.model;

import static org.bytedeco.pytorch.global.torch.gelu;
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
  private final String prefix;

  /**
   * @param prefix up to the layer's own names, e.g. {@code bert.encoder.layer.0}
   */
  TransformerLayer(BertConfig config, String prefix) {
    this.config = config;
    this.prefix = prefix + ".";
  }

  /**
   * One pass.
   *
   * @param h {@code [B, L, H]}
   * @param mask {@code [B, 1, 1, L]}, or empty
   * @return {@code [B, L, H]}
   */
  Tensor forward(Weights weights, Tensor h, TensorOptional mask, Dropout dropout) {
    return Tensors.only(() -> pass(weights, h, mask, dropout));
  }

  private Tensor pass(Weights weights, Tensor h, TensorOptional mask, Dropout dropout) {
    double lost = config.hiddenDropout();
    double eps = config.layerNormEps();
    Tensor projected = weights.dense(prefix + "attention.self", h); // [B, L, 3H]
    Tensor context = attention(projected, mask, dropout);
    Tensor heard = weights.dense(prefix + "attention.output.dense", context);
    Tensor attended =
        weights.norm(prefix + "attention.output.LayerNorm", dropout.add(h, heard, lost), eps);
    Tensor inner = gelu(weights.dense(prefix + "intermediate.dense", attended)); // [B, L, I]
    Tensor outer = weights.dense(prefix + "output.dense", inner);
    return weights.norm(prefix + "output.LayerNorm", dropout.add(attended, outer, lost), eps);
  }

  /**
   * {@code [B, L, H]}: each head's attention (Vaswani et al. 2017, eq. 1).
   *
   * @param projected {@code [B, L, 3H]} queries, keys and values
   */
  private Tensor attention(Tensor projected, TensorOptional mask, Dropout dropout) {
    long rows = projected.size(0);
    long length = projected.size(1);
    long heads = config.numAttentionHeads();
    boolean fused = !dropout.losesAny(config.attentionDropout()); // the kernel knows no dropout
    // Narrower than float32 in a GPU's fused kernel alone, whose softmax is float32 all the same.
    // On the processor the library's bf16 gradient takes ten times as long.
    TensorVector parts =
        (fused && projected.is_cuda() ? projected : Tensors.widened(projected))
            .view(rows, length, 3, heads, config.hiddenSize() / heads)
            .unbind(2);
    Tensor query = parts.get(0).transpose(1, 2); // [B, A, L, D]
    Tensor key = parts.get(1).transpose(1, 2);
    Tensor value = parts.get(2).transpose(1, 2);
    Tensor context =
        fused
            ? scaled_dot_product_attention(
                query, key, value, mask, 0, false, new DoubleOptional(), false)
            : attention(query, key, value, mask, dropout);
    return context
        .transpose(1, 2)
        .reshape(rows, length, config.hiddenSize())
        .to(Tensors.type(projected));
  }

  /** softmax(q kᵀ / √D) v. */
  private Tensor attention(
      Tensor query, Tensor key, Tensor value, TensorOptional mask, Dropout dropout) {
    Scalar scale = new Scalar(1 / Math.sqrt((double) query.size(3)));
    Tensor scores = query.mul(scale).matmul(key.transpose(2, 3)); // [B, A, L, L]
    if (mask.has_value()) {
      Scalar never = new Scalar(Double.NEGATIVE_INFINITY);
      scores = scores.masked_fill(mask.get().logical_not(), never);
    }
    return dropout.apply(scores.softmax(3), config.attentionDropout()).matmul(value);
  }
}
