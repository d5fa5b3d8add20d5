package io.condenser.model;

import io.condenser.text.TokenBatch;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** A backbone with pooling: texts to vectors. One tower of a bi-encoder. */
public final class Encoder implements AutoCloseable {
  private final BertConfig config;
  private final Parameters parameters;
  private final Pooling pooling;
  private final boolean normalize;
  private final Backbone backbone;

  /**
   * @param pooling which vector stands for the text
   * @param normalize whether it is scaled to length 1
   */
  public Encoder(BertConfig config, Parameters parameters, Pooling pooling, boolean normalize) {
    this.config = config;
    this.parameters = parameters;
    this.pooling = pooling;
    this.normalize = normalize;
    backbone = new Backbone(config, parameters);
  }

  /** {@code [B, H]}, at least float32. */
  public Tensor encode(TokenBatch batch, boolean training) {
    Inputs inputs = Inputs.of(batch);
    Tensor h = backbone.forward(inputs, training); // [B, L, H]
    Tensor vectors =
        switch (pooling) {
          case CLS -> h.select(1, 0);
          case MEAN -> mean(h, inputs);
        };
    return normalize
        ? torch.normalize(vectors, new org.bytedeco.pytorch.NormalizeFuncOptions())
        : vectors;
  }

  private static Tensor mean(Tensor h, Inputs inputs) {
    ScalarType type = h.scalar_type();
    Tensor masked =
        inputs.mask().has_value()
            ? h.mul(inputs.mask().get().view(h.size(0), h.size(1), 1).to(type))
            : h;
    return masked.sum(1).div(inputs.lengths().to(type).view(-1, 1));
  }

  /** The encoder's shape. */
  public BertConfig config() {
    return config;
  }

  /** All weights. */
  public Parameters parameters() {
    return parameters;
  }

  @Override
  public void close() {
    parameters.close();
  }
}
