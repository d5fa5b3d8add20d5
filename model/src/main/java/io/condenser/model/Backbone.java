package io.condenser.model;

import static org.bytedeco.pytorch.global.torch.embedding;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** BERT's encoder: embeddings, then the early layers, then the late ones. */
final class Backbone {
  static final String PREFIX = "bert.";

  private final BertConfig config;
  private final Parameters parameters;
  private final List<TransformerLayer> layers = new ArrayList<>();

  Backbone(BertConfig config, Parameters parameters) {
    this.config = config;
    this.parameters = parameters;
    for (int i = 0; i < config.numHiddenLayers(); i++) {
      layers.add(new TransformerLayer(config, parameters, PREFIX + "encoder.layer." + i));
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
  Hidden forward(Inputs inputs, int earlyLayers, Dropout dropout) {
    Tensor early = run(embed(inputs, dropout), 0, earlyLayers, inputs, dropout);
    return new Hidden(early, run(early, earlyLayers, layers.size(), inputs, dropout));
  }

  /** {@code [B, L, H]} after the last layer. */
  Tensor forward(Inputs inputs, Dropout dropout) {
    return run(embed(inputs, dropout), 0, layers.size(), inputs, dropout);
  }

  private Tensor run(Tensor h, int from, int to, Inputs inputs, Dropout dropout) {
    for (TransformerLayer layer : layers.subList(from, to)) {
      h = layer.forward(h, inputs.mask(), dropout);
    }
    return h;
  }

  private Tensor embed(Inputs inputs, Dropout dropout) {
    String prefix = PREFIX + "embeddings.";
    long length = inputs.ids().size(1);
    Tensor words = embedding(parameters.get(prefix + "word_embeddings.weight"), inputs.ids());
    Tensor positions =
        parameters.get(prefix + "position_embeddings.weight").narrow(0, 0, length); // [L, H]
    Tensor types = parameters.get(prefix + "token_type_embeddings.weight"); // [2, H]
    Tensor sum =
        inputs.types() == null
            ? words.add(positions.add(types.select(0, 0)))
            : words.add(positions).add(embedding(types, inputs.types()));
    Tensor normed = LayerNorm.apply(parameters, prefix + "LayerNorm", sum, config.layerNormEps());
    return dropout.apply(normed, config.hiddenDropout());
  }
}
