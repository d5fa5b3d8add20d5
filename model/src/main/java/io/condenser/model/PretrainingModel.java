package io.condenser.model;

import static org.bytedeco.pytorch.global.torch.cat;

import io.condenser.text.MaskedBatch;
import io.condenser.text.TokenBatch;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * What is pre-trained: the backbone with its MLM head, and the Condenser head where the objective
 * has one. Early layers are those before the skip (Condenser §3; {@code skip_from} of the public
 * code).
 */
public final class PretrainingModel implements AutoCloseable {
  private final BertConfig config;
  private final Parameters parameters;
  private final int earlyLayers;
  private final Pooling pooling;
  private final boolean normalize;
  private final Backbone backbone;
  private final MlmHead mlm;
  private final @Nullable CondenserHead head;

  /**
   * @param parameters backbone, MLM head and, if {@code headLayers} is not 0, Condenser head
   * @param earlyLayers hidden states after this many layers feed the head; 0 means the embeddings
   * @param headLayers depth of the Condenser head; 0 for plain MLM
   * @param pooling the vector that words are predicted through and spans are compared by: the
   *     papers' is the CLS; the mean suits encoders that were trained with it
   * @param normalize whether spans are compared by cosine instead of inner product
   */
  public PretrainingModel(
      BertConfig config,
      Parameters parameters,
      int earlyLayers,
      int headLayers,
      Pooling pooling,
      boolean normalize) {
    this.config = config;
    this.parameters = parameters;
    this.earlyLayers = earlyLayers;
    this.pooling = pooling;
    this.normalize = normalize;
    backbone = new Backbone(config);
    mlm = new MlmHead(config);
    head = headLayers == 0 ? null : new CondenserHead(config, headLayers);
  }

  /** Texts' vectors {@code [B, H]} (the late CLS), without heads or logits. */
  public Tensor represent(Weights weights, TokenBatch batch, Dropout dropout) {
    Inputs inputs = Inputs.of(batch);
    return scaled(pooling.pool(backbone.forward(weights, inputs, dropout), inputs));
  }

  /** Sends a batch through the backbone. */
  public Pass forward(Weights weights, MaskedBatch batch, Dropout dropout) {
    return new Pass(weights, batch, dropout);
  }

  /**
   * What heads predict of a batch.
   *
   * @param lateMlm sum over masked positions of the backbone's MLM loss
   * @param headMlm the same through the Condenser head; NaN without one
   * @param surrogate a scalar whose gradient is that of scale × both sums; its value means nothing
   */
  public record Losses(double lateMlm, double headMlm, Tensor surrogate) {}

  /** A batch that has passed the backbone; the heads may follow later, or not at all. */
  public final class Pass {
    private final Weights weights;
    private final MaskedBatch batch;
    private final Dropout dropout;
    private final Inputs inputs;
    private final Backbone.Hidden hidden;
    private final Tensor pooled; // [B, H]

    private Pass(Weights weights, MaskedBatch batch, Dropout dropout) {
      this.weights = weights;
      this.batch = batch;
      this.dropout = dropout;
      inputs = Inputs.of(batch.tokens());
      hidden = backbone.forward(weights, inputs, earlyLayers, dropout);
      pooled = pooling.pool(hidden.late(), inputs);
    }

    /** The texts' vectors {@code [B, H]}: the late CLS. */
    public Tensor vectors() {
      return scaled(pooled);
    }

    /**
     * All losses of the batch. Logits are computed at masked positions alone, and the decoder's
     * gradient is added to its own at once.
     *
     * @param scale what the sums of the losses are weighted with
     */
    public Losses losses(double scale) {
      int masks = batch.positions().length;
      Tensor positions = Tensors.integers(batch.positions(), masks);
      Tensor labels = Tensors.integers(batch.labels(), masks);
      Tensor late = at(positions, hidden.late());
      if (head == null) {
        MlmHead.Predicted words = mlm.predict(weights, late, labels, scale);
        return new Losses(words.losses().sum().item_double(), Double.NaN, words.surrogate());
      }
      Tensor predicted =
          head.forward(weights, pooled.to(weights.type()), hidden.early(), inputs, dropout);
      Tensor both = cat(new TensorVector(late, at(positions, predicted)), 0); // [2M, H]
      MlmHead.Predicted words = mlm.predict(weights, both, labels.repeat(2), scale);
      return new Losses(
          words.losses().narrow(0, 0, masks).sum().item_double(),
          words.losses().narrow(0, masks, masks).sum().item_double(),
          words.surrogate());
    }
  }

  /** {@code [M, H]}: hidden states {@code [B, L, H]} at flat positions {@code [M]}. */
  private Tensor at(Tensor positions, Tensor h) {
    return h.reshape(-1, config.hiddenSize()).index_select(0, positions);
  }

  private Tensor scaled(Tensor vectors) {
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

  /**
   * All weights from the input on: a backward pass completes the gradients of the last ones first.
   * The decoder's bias leads, since its gradient does not come from a backward pass.
   */
  public List<Tensor> byDepth() {
    String bias = MlmHead.PREFIX + "bias";
    return Stream.concat(
            Stream.of(bias), parameters.names().stream().filter(name -> !name.equals(bias)))
        .map(parameters::get)
        .toList();
  }

  @Override
  public void close() {
    parameters.close();
  }
}
