package io.condenser.training;

/**
 * Linear warm-up from 0, then linear decay to 0.
 *
 * @param peak the highest learning rate, &gt; 0
 * @param warmupSteps steps of the warm-up, fewer than {@code steps}
 * @param steps steps in all
 */
public record Schedule(double peak, long warmupSteps, long steps) {
  public Schedule {
    if (!(peak > 0) || warmupSteps < 0 || steps < 1 || warmupSteps >= steps) {
      throw new IllegalArgumentException(
          "learning rate %s, %d of %d steps to warm up".formatted(peak, warmupSteps, steps));
    }
  }

  /** A schedule whose warm-up is a share of its steps (0.1 is the papers'). */
  public static Schedule of(double peak, double warmup, long steps) {
    return new Schedule(peak, Math.min((long) (warmup * steps), steps - 1), steps);
  }

  /** The learning rate of a step; 0 is the first. */
  public double learningRate(long step) {
    return step < warmupSteps
        ? peak * (step + 1) / warmupSteps
        : peak * Math.max(0, steps - step) / (steps - warmupSteps);
  }
}
