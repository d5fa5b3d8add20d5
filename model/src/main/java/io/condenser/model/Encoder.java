package io.condenser.model;

import io.condenser.text.TokenBatch;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

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
    backbone = new Backbone(config);
  }

  /** {@code [B, H]}, at least float32. */
  public Tensor encode(Weights weights, TokenBatch batch, Dropout dropout) {
    Inputs inputs = Inputs.of(batch);
    Tensor h = backbone.forward(weights, inputs, dropout); // [B, L, H]
    Tensor vectors = pooling.pool(h, inputs);
    return normalize ? torch.normalize(vectors) : vectors;
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
