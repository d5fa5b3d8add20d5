package io.condenser.training;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What a bi-encoder is fine-tuned by: the contrastive loss, and with a teacher (1 − w) times it
 * plus w times the distillation's.
 */
final class BiEncoderLoss {
  private final ContrastiveLoss contrastive;
  private final @Nullable DistillationLoss distillation;
  private final double weight; // w

  /** The contrastive loss alone. */
  BiEncoderLoss(ContrastiveLoss contrastive) {
    this(contrastive, null, 0);
  }

  /**
   * Both losses.
   *
   * @param weight of the distillation, from 0 to 1
   */
  BiEncoderLoss(
      ContrastiveLoss contrastive, @Nullable DistillationLoss distillation, double weight) {
    this.contrastive = contrastive;
    this.distillation = distillation;
    this.weight = weight;
  }

  static BiEncoderLoss of(FinetuningSettings settings) {
    ContrastiveLoss contrastive = new ContrastiveLoss(settings.temperature());
    Distillation distillation = settings.distillation();
    if (!distillation.isUsed()) {
      return new BiEncoderLoss(contrastive);
    }
    DistillationLoss loss =
        new DistillationLoss(
            distillation.objective(), settings.temperature(), distillation.temperature());
    return new BiEncoderLoss(contrastive, loss, distillation.weight());
  }

  /**
   * Means over a batch's queries.
   *
   * @param total what is descended
   * @param distillation NaN without a teacher
   */
  record Losses(double total, double contrastive, double distillation) {}

  /**
   * The losses and the gradient of their total.
   *
   * @param queries {@code [Q, H]}
   * @param passages {@code [P, H]}
   */
  record Result(Losses losses, Tensor queries, Tensor passages) {}

  /**
   * The loss of a batch's vectors.
   *
   * @param queries {@code [Q, H]}, without a graph
   * @param passages {@code [P, H]}, without a graph
   */
  Result of(Tensor queries, Tensor passages, FinetuningBatch batch) {
    ContrastiveLoss.Result own =
        contrastive.of(queries, passages, batch.positives(), batch.excluded());
    if (distillation == null) {
      Losses losses = new Losses(own.loss(), own.loss(), Double.NaN);
      return new Result(losses, own.queries(), own.passages());
    }
    ContrastiveLoss.Result taught = distillation.of(queries, passages, batch.taught());
    double total = (1 - weight) * own.loss() + weight * taught.loss();
    return new Result(
        new Losses(total, own.loss(), taught.loss()),
        mixed(own.queries(), taught.queries()),
        mixed(own.passages(), taught.passages()));
  }

  private Tensor mixed(Tensor own, Tensor taught) {
    return own.mul_(new Scalar(1 - weight)).add_(taught, new Scalar(weight));
  }
}
