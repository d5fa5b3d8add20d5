package io.condenser.training;

import io.condenser.model.Machine;
import io.condenser.storage.InputException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** Takes a {@link Task}'s steps: the gradient, in float16 of a scaled loss, clipped, then AdamW. */
public final class Stepper implements AutoCloseable {
  /**
   * Often enough that holes between tensors stay a fraction of them, seldom enough to cost little.
   */
  private static final int STEPS_BETWEEN_RELEASES = 32;

  private final Task task;
  private final Map<String, Tensor> parameters;
  private final AdamW optimizer;
  private final double clip;
  private @Nullable LossScale scale;

  /**
   * Steps that begin with no moments.
   *
   * @param weightDecay decoupled decay of AdamW, 0 to 1
   * @param clip bound on the gradient's norm, above 0
   */
  public Stepper(Task task, double weightDecay, double clip) {
    this.task = task;
    this.clip = clip;
    parameters = task.parameters();
    optimizer = new AdamW(parameters, weightDecay);
    scale = LossScale.first(task.precision());
  }

  /** The next step's scale of the loss; null where it is not scaled. */
  @Nullable LossScale scale() {
    return scale;
  }

  /** Goes on with a scale, where the loss is scaled. */
  void resume(LossScale last) {
    scale = scale == null ? null : last;
  }

  AdamW optimizer() {
    return optimizer;
  }

  /**
   * Takes a step.
   *
   * @return the task's numbers, {@code gradient_norm} before clipping, {@code learning_rate},
   *     {@code rows_per_second} and, where it is scaled, {@code loss_scale}
   * @throws InputException if the gradient is not finite, and no scale's fault
   */
  public Map<String, Double> take(long step) {
    long start = System.nanoTime();
    if (step % STEPS_BETWEEN_RELEASES == STEPS_BETWEEN_RELEASES - 1) {
      Machine.releaseFreeMemory();
    }
    try (PointerScope _ = new PointerScope()) {
      Gradients.clear(parameters.values());
      double factor = scale == null ? 1 : scale.factor();
      Map<String, Double> numbers = new LinkedHashMap<>(task.accumulate(step, factor));
      Gradients.divide(parameters.values(), factor);
      double norm = Gradients.clip(parameters.values(), clip);
      double rate = task.learningRate(step);
      if (Double.isFinite(norm)) {
        optimizer.step(rate);
      } else if (scale == null || scale.isLeast()) {
        throw new InputException(
            "the gradient of step %d is not finite: training diverged; lower the learning rate (%s)"
                .formatted(step, rate));
      }
      if (scale != null) {
        numbers.put("loss_scale", factor);
        scale = scale.after(Double.isFinite(norm));
      }
      double seconds = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
      numbers.put("gradient_norm", norm);
      numbers.put("learning_rate", rate);
      numbers.put("rows_per_second", task.rowsPerStep() / seconds);
      return numbers;
    }
  }

  @Override
  public void close() {
    optimizer.close();
  }
}
