package io.condenser.model;

import static org.bytedeco.pytorch.global.torch.linear;

import io.condenser.storage.InputException;
import io.condenser.text.TokenBatch;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Scores a query and a passage together (RocketQA §4.2): [CLS] q [SEP] p [SEP], one logit from the
 * pooled CLS. Names are those of Hugging Face's {@code BertForSequenceClassification}.
 */
public final class CrossEncoder implements AutoCloseable {
  private static final int SEGMENTS = 2;

  private final BertConfig config;
  private final Parameters parameters;
  private final Backbone backbone;

  /**
   * A cross-encoder of weights that are at hand.
   *
   * @param parameters backbone, pooler and classifier, which this then owns
   * @throws InputException if the encoder cannot tell two segments apart
   */
  public CrossEncoder(BertConfig config, Parameters parameters) {
    if (config.typeVocabSize() < SEGMENTS) {
      throw new InputException(
          "type_vocab_size is %d; expected at least %d: a cross-encoder tells queries from passages"
              .formatted(config.typeVocabSize(), SEGMENTS));
    }
    this.config = config;
    this.parameters = parameters;
    backbone = new Backbone(config);
  }

  /**
   * The weights of a folder, in float32. Where it holds no classifier, pooler and classifier are
   * fresh.
   *
   * @param config the folder's, perhaps with other dropout
   * @param seed of fresh weights
   */
  public static CrossEncoder load(ModelFolder folder, BertConfig config, long seed) {
    Parameters parameters = new Parameters();
    try {
      folder.loadBackbone(parameters, ScalarType.Float);
      if (folder.hasClassifier()) {
        folder.loadClassifier(parameters, ScalarType.Float);
      } else {
        Fresh.add(parameters, BertLayout.classifier(config), config.initializerRange(), seed);
      }
      return new CrossEncoder(config, parameters);
    } catch (RuntimeException e) {
      parameters.close();
      throw e;
    }
  }

  /**
   * {@code [B]} logits; their sigmoid is the probability of relevance. The classifier's product is
   * computed in the parameters' type: in bfloat16 passages that differ would get one score.
   */
  public Tensor score(Weights weights, TokenBatch batch, Dropout dropout) {
    Tensor cls = backbone.forward(weights, Inputs.of(batch), dropout).select(1, 0); // [B, H]
    Tensor pooled = weights.dense(BertLayout.POOLER, cls).tanh();
    return linear(
            Tensors.widened(dropout.apply(pooled, config.hiddenDropout())),
            weights.get(BertLayout.CLASSIFIER + ".weight"),
            new TensorOptional(weights.get(BertLayout.CLASSIFIER + ".bias")))
        .select(1, 0);
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
