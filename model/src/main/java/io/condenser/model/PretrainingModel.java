package io.condenser.model;

import io.condenser.text.MaskedBatch;
import io.condenser.text.TokenBatch;
import org.bytedeco.pytorch.Tensor;
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
  private final Backbone backbone;
  private final MlmHead mlm;
  private final @Nullable CondenserHead head;

  /**
   * @param parameters backbone, MLM head and, if {@code headLayers} is not 0, Condenser head
   * @param earlyLayers hidden states after this many layers feed the head; 0 means the embeddings
   * @param headLayers depth of the Condenser head; 0 for plain MLM
   */
  public PretrainingModel(
      BertConfig config, Parameters parameters, int earlyLayers, int headLayers) {
    this.config = config;
    this.parameters = parameters;
    this.earlyLayers = earlyLayers;
    backbone = new Backbone(config, parameters);
    mlm = new MlmHead(config, parameters);
    head = headLayers == 0 ? null : new CondenserHead(config, parameters, headLayers);
  }

  /**
   * What one forward pass gives.
   *
   * @param cls {@code [B, H]} the late CLS
   * @param lateMlm sum over masked positions of the backbone's MLM loss
   * @param headMlm the same through the Condenser head; null without one
   */
  public record Output(Tensor cls, Tensor lateMlm, @Nullable Tensor headMlm) {}

  /** Late CLS {@code [B, H]}, without heads or logits. */
  public Tensor cls(TokenBatch batch, boolean training) {
    return first(backbone.forward(Inputs.of(batch), training));
  }

  /** All losses of a batch. */
  public Output forward(MaskedBatch batch, boolean training) {
    Inputs inputs = Inputs.of(batch.tokens());
    Tensor positions = Tensors.integers(batch.positions(), batch.positions().length);
    Tensor labels = Tensors.integers(batch.labels(), batch.labels().length);
    Backbone.Hidden hidden = backbone.forward(inputs, earlyLayers, training);
    Tensor headMlm =
        head == null ? null : mlm.loss(head.forward(hidden, inputs, training), positions, labels);
    return new Output(first(hidden.late()), mlm.loss(hidden.late(), positions, labels), headMlm);
  }

  private static Tensor first(Tensor h) {
    return h.select(1, 0);
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
