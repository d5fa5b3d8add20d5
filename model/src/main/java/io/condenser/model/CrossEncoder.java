package io.condenser.model;

import io.condenser.text.TokenBatch;
import org.bytedeco.pytorch.Tensor;

/**
 * Scores a query and a passage together (RocketQA §4.2): [CLS] q [SEP] p [SEP], one logit from the
 * pooled CLS. Names are those of Hugging Face's {@code BertForSequenceClassification}.
 */
public final class CrossEncoder implements AutoCloseable {
  private final BertConfig config;
  private final Parameters parameters;
  private final Backbone backbone;

  public CrossEncoder(BertConfig config, Parameters parameters) {
    this.config = config;
    this.parameters = parameters;
    backbone = new Backbone(config);
  }

  /** {@code [B]} logits; their sigmoid is the probability of relevance. */
  public Tensor score(Weights weights, TokenBatch batch, Dropout dropout) {
    Tensor cls = backbone.forward(weights, Inputs.of(batch), dropout).select(1, 0); // [B, H]
    Tensor pooled = weights.dense("bert.pooler.dense", cls).tanh();
    return Tensors.widened(
        weights.dense("classifier", dropout.apply(pooled, config.hiddenDropout())).select(1, 0));
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
