package io.condenser.model;

import static org.bytedeco.pytorch.global.torch.embedding;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** BERT's encoder: embeddings, then the early layers, then the late ones. */
final class Backbone {
  static final String PREFIX = "bert.";
  static final String WORDS = PREFIX + "embeddings.word_embeddings.weight";

  private final BertConfig config;
  private final List<TransformerLayer> layers = new ArrayList<>();

  Backbone(BertConfig config) {
    this.config = config;
    for (int i = 0; i < config.numHiddenLayers(); i++) {
      layers.add(new TransformerLayer(config, PREFIX + "encoder.layer." + i));
    }
  }

  /**
   * Hidden states that the Condenser head is fed with.
   *
   * @param early {@code [B, L, H]} after the early layers
   * @param late {@code [B, L, H]} after the last layer
   */
  record Hidden(Tensor early, Tensor late) {}

  /**
   * One pass that keeps both.
   *
   * @param earlyLayers how many layers come before the skip; 0 means the embeddings
   */
  Hidden forward(Weights weights, Inputs inputs, int earlyLayers, Dropout dropout) {
    Tensor embedded = Tensors.only(() -> embed(weights, inputs, dropout));
    Tensor early = run(weights, embedded, 0, earlyLayers, inputs, dropout);
    return new Hidden(early, run(weights, early, earlyLayers, layers.size(), inputs, dropout));
  }

  /** {@code [B, L, H]} after the last layer. */
  Tensor forward(Weights weights, Inputs inputs, Dropout dropout) {
    return forward(weights, inputs, 0, dropout).late();
  }

  private Tensor run(Weights weights, Tensor h, int from, int to, Inputs inputs, Dropout dropout) {
    for (TransformerLayer layer : layers.subList(from, to)) {
      h = layer.forward(weights, h, inputs.mask(), dropout);
    }
    return h;
  }

  private Tensor embed(Weights weights, Inputs inputs, Dropout dropout) {
    String prefix = PREFIX + "embeddings.";
    long length = inputs.ids().size(1);
    Tensor words = embedding(weights.get(WORDS), inputs.ids());
    Tensor positions =
        weights.get(prefix + "position_embeddings.weight").narrow(0, 0, length); // [L, H]
    Tensor types = weights.get(prefix + "token_type_embeddings.weight"); // [2, H]
    Tensor sum =
        inputs.types() == null
            ? words.add(positions.add(types.select(0, 0)))
            : words.add(positions).add(embedding(types, inputs.types()));
    Tensor normed = weights.norm(prefix + "LayerNorm", sum, config.layerNormEps());
    return dropout.apply(normed, config.hiddenDropout()).to(weights.type());
  }
}
