package io.condenser.model;

import io.condenser.text.MaskedBatch;
import io.condenser.text.TokenBatch;
import org.bytedeco.pytorch.Tensor;
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
    backbone = new Backbone(config, parameters);
    mlm = new MlmHead(config, parameters);
    head = headLayers == 0 ? null : new CondenserHead(config, parameters, headLayers);
  }

  /**
   * What one forward pass gives.
   *
   * @param vectors {@code [B, H]} the texts' vectors: the late CLS
   * @param lateMlm sum over masked positions of the backbone's MLM loss
   * @param headMlm the same through the Condenser head; null without one
   */
  public record Output(Tensor vectors, Tensor lateMlm, @Nullable Tensor headMlm) {}

  /** Texts' vectors {@code [B, H]} (the late CLS), without heads or logits. */
  public Tensor represent(TokenBatch batch, boolean training) {
    Inputs inputs = Inputs.of(batch);
    return scaled(pooling.pool(backbone.forward(inputs, training), inputs));
  }

  /** All losses of a batch. */
  public Output forward(MaskedBatch batch, boolean training) {
    Inputs inputs = Inputs.of(batch.tokens());
    Tensor positions = Tensors.integers(batch.positions(), batch.positions().length);
    Tensor labels = Tensors.integers(batch.labels(), batch.labels().length);
    Backbone.Hidden hidden = backbone.forward(inputs, earlyLayers, training);
    Tensor vectors = pooling.pool(hidden.late(), inputs);
    Tensor headMlm = null;
    if (head != null) {
      Tensor predicted = head.forward(vectors, hidden.early(), inputs, training);
      headMlm = mlm.loss(predicted, positions, labels);
    }
    return new Output(scaled(vectors), mlm.loss(hidden.late(), positions, labels), headMlm);
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

  @Override
  public void close() {
    parameters.close();
  }
}
