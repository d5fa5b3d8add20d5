package io.condenser.training;

/**
 * How a trainer runs, whatever it trains.
 *
 * @param weightDecay decoupled decay of AdamW, 0 to 1
 * @param clip bound on the gradient's norm, above 0
 * @param checkpointEvery steps between checkpoints, at least 1
 * @param validateEvery steps between validations; 0 validates never
 * @param configuration everything that decides the result, as text: a checkpoint of another
 *     configuration is refused
 */
public record TrainerSettings(
    double weightDecay, double clip, int checkpointEvery, int validateEvery, String configuration) {
  public TrainerSettings {
    Range.check("weight-decay", weightDecay, 0, 1);
    Range.checkPositive("clip", clip);
    Range.check("checkpoint-every", checkpointEvery, 1, Integer.MAX_VALUE);
    Range.check("validate-every", validateEvery, 0, Integer.MAX_VALUE);
  }
}
