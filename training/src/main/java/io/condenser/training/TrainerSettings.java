package io.condenser.training;

import io.condenser.storage.InputException;

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
    range("weight-decay", weightDecay, 0, 1);
    if (!(clip > 0)) {
      throw new InputException("clip is %s; expected above 0".formatted(clip));
    }
    range("checkpoint-every", checkpointEvery, 1, Integer.MAX_VALUE);
    range("validate-every", validateEvery, 0, Integer.MAX_VALUE);
  }

  private static void range(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new InputException("%s is %s; expected %s to %s".formatted(name, value, least, most));
    }
  }
}
