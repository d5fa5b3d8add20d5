package io.condenser.training;

import io.condenser.training.workers.Workers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Trains a {@link Task}: for every step its gradient, clipped, then AdamW; checkpoints, validation,
 * metrics. A run that was killed goes on at its last checkpoint and ends bit for bit where it would
 * have ended.
 *
 * <p>The run's folder holds {@code metrics.jsonl}, {@code events/}, the latest {@code
 * checkpoint-STEP/} and, with a validation, {@code best-STEP.safetensors}. Of several workers the
 * first alone validates and writes there; the others take over what it read. How many there are may
 * differ from one start to the next.
 */
public final class Trainer {
  private static final String BEST = "best-";

  private final Task task;
  private final TrainerSettings settings;
  private final Path run;
  private final @Nullable Validation validation;
  private final Workers workers;

  /**
   * A run.
   *
   * @param run the run's folder; made if it is not there
   * @param validation what to keep the best checkpoint by; null keeps the last
   */
  public Trainer(Task task, TrainerSettings settings, Path run, @Nullable Validation validation) {
    this.task = task;
    this.settings = settings;
    this.run = run;
    this.validation = validation;
    workers = task.workers();
  }

  /** Told how far a run is. */
  public interface Listener {
    /** The run goes on where so many steps are done. */
    default void resumed(long steps) {}

    /** So many steps are done, the last with these numbers. */
    void stepped(long steps, Map<String, Double> numbers);
  }

  /** The best validation and its step; NaN and -1 without one. */
  public record Outcome(double best, long bestStep) {}

  /**
   * Runs to the end. Afterwards the first worker's parameters are the best ones, or without a
   * validation the last.
   *
   * @param listener told by the first worker
   */
  public Outcome train(Listener listener) {
    try (Stepper stepper = new Stepper(task, settings.weightDecay(), settings.clip())) {
      TrainingCheckpoint state = resume(stepper);
      return workers.leads() ? lead(stepper, state, listener) : follow(stepper, state);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + run + ": " + e.getMessage(), e);
    }
  }

  private Outcome lead(Stepper stepper, TrainingCheckpoint start, Listener listener)
      throws IOException {
    Map<String, Tensor> parameters = task.parameters();
    TrainingCheckpoint state = start;
    if (state.step() > 0) {
      listener.resumed(state.step());
    }
    try (MetricsLog log = new MetricsLog(run, state.step())) {
      while (state.step() < task.steps()) {
        Map<String, Double> numbers = stepper.take(state.step());
        state = validated(state.at(state.step() + 1, stepper.scale()), parameters, numbers);
        log.log(state.step() - 1, numbers);
        listener.stepped(state.step(), numbers);
        if (isCheckpoint(state)) {
          state.write(run, parameters, stepper.optimizer());
          deleteBestsBut(state.bestStep());
          align(stepper.optimizer());
        }
      }
    }
    if (state.bestStep() >= 0 && state.bestStep() != state.step()) {
      TrainingCheckpoint.readWeights(best(state.bestStep()), parameters);
    }
    return new Outcome(state.best(), state.bestStep());
  }

  private Path best(long step) {
    return run.resolve(BEST + step + ".safetensors");
  }

  /** Not before a checkpoint names the new one: a run that is killed goes on with the old. */
  private void deleteBestsBut(long step) throws IOException {
    try (DirectoryStream<Path> bests = Files.newDirectoryStream(run, BEST + "*")) {
      for (Path file : bests) {
        if (!file.equals(best(step))) {
          Files.delete(file);
        }
      }
    }
  }

  private Outcome follow(Stepper stepper, TrainingCheckpoint start) {
    TrainingCheckpoint state = start;
    while (state.step() < task.steps()) {
      Map<String, Double> _ = stepper.take(state.step());
      state = state.at(state.step() + 1, stepper.scale());
      if (isCheckpoint(state)) {
        align(stepper.optimizer());
      }
    }
    return new Outcome(Double.NaN, -1);
  }

  private boolean isCheckpoint(TrainingCheckpoint state) {
    return state.step() % settings.checkpointEvery() == 0 || state.step() == task.steps();
  }

  /** The first worker reads its checkpoint; the others take over what it read. */
  private TrainingCheckpoint resume(Stepper stepper) throws IOException {
    TrainingCheckpoint state = TrainingCheckpoint.none(settings.configuration());
    if (workers.leads()) {
      Files.createDirectories(run);
      Path latest = TrainingCheckpoint.latest(run);
      if (latest != null) {
        state =
            TrainingCheckpoint.restore(
                latest, settings.configuration(), task.parameters(), stepper.optimizer());
        if (state.lossScale() != null) {
          stepper.resume(state.lossScale());
        }
      }
    }
    align(stepper.optimizer());
    if (stepper.scale() != null) {
      stepper.resume(firsts(stepper.scale()));
    }
    return state.at((long) workers.first((double) state.step()), stepper.scale());
  }

  private LossScale firsts(LossScale scale) {
    return new LossScale(
        workers.first(scale.factor()), (int) workers.first((double) scale.finite()));
  }

  /** All go on from the same numbers, even if processors of several kinds round differently. */
  private void align(AdamW optimizer) {
    workers.copyFirst(task.parameters().values());
    workers.copyFirst(optimizer.tensors());
  }

  private TrainingCheckpoint validated(
      TrainingCheckpoint state, Map<String, Tensor> parameters, Map<String, Double> numbers) {
    boolean due =
        settings.validateEvery() > 0
            && (state.step() % settings.validateEvery() == 0 || state.step() == task.steps());
    if (validation == null || !due) {
      return state;
    }
    double measure = validation.measure();
    numbers.put("dev", measure);
    if (measure <= state.best()) {
      return state;
    }
    TrainingCheckpoint.writeWeights(best(state.step()), parameters);
    return state.asBest(measure);
  }
}
