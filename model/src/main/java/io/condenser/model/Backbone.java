package io.condenser.model;

import static org.bytedeco.pytorch.global.torch.dropout;
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
  Hidden forward(Inputs inputs, int earlyLayers, boolean training) {
    Tensor early = run(embed(inputs, training), 0, earlyLayers, inputs, training);
    return new Hidden(early, run(early, earlyLayers, layers.size(), inputs, training));
  }

  /** {@code [B, L, H]} after the last layer. */
  Tensor forward(Inputs inputs, boolean training) {
    return run(embed(inputs, training), 0, layers.size(), inputs, training);
  }

  private Tensor run(Tensor h, int from, int to, Inputs inputs, boolean training) {
    for (TransformerLayer layer : layers.subList(from, to)) {
      h = layer.forward(h, inputs.mask(), training);
    }
    return h;
  }

  private Tensor embed(Inputs inputs, boolean training) {
    String prefix = PREFIX + "embeddings.";
    long length = inputs.ids().size(1);
    Tensor words = embedding(parameters.get(prefix + "word_embeddings.weight"), inputs.ids());
    Tensor positions =
        parameters.get(prefix + "position_embeddings.weight").narrow(0, 0, length); // [L, H]
    Tensor types =
        embedding(parameters.get(prefix + "token_type_embeddings.weight"), inputs.types());
    Tensor sum = words.add(types).add(positions);
    Tensor normed = LayerNorm.apply(parameters, prefix + "LayerNorm", sum, config.layerNormEps());
    return dropout(normed, config.hiddenDropout(), training);
  }
}
