package io.condenser.training;

/**
 * What a bi-encoder learns from a cross-encoder besides the labels: the loss is (1 − weight) times
 * the contrastive one plus weight times that of {@link DistillationLoss}.
 *
 * @param objective what is compared with the teacher; none if there is no teacher
 * @param weight of the distillation against the contrastive loss, above 0, at most 1
 * @param temperature what the teacher's logits are divided by
 * @param candidates of each query in a step besides its positive passage, drawn from those that the
 *     teacher scored
 */
public record Distillation(Objective objective, double weight, double temperature, int candidates) {
  /** No teacher. */
  public static final Distillation NONE = new Distillation(Objective.NONE, 0.5, 1, 4);

  /** What is compared with the teacher. */
  public enum Objective {
    /** Nothing. */
    NONE,
    /** Distributions over a query's candidates. */
    KL,
    /** By how much the positive passage is ahead of the others (Hofstätter et al. 2020). */
    MARGIN_MSE
  }

  public Distillation {
    Range.check("distillation-weight", weight, 1e-6, 1);
    Range.check("teacher-temperature", temperature, 1e-4, 1e4);
    Range.check("distillation-candidates", candidates, 1, 1000);
  }

  boolean isUsed() {
    return objective != Objective.NONE;
  }
}
