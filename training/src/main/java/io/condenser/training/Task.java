package io.condenser.training;

import io.condenser.model.Precision;
import io.condenser.training.workers.Workers;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/** What a {@link Trainer} trains: parameters, and for every step a gradient. */
public interface Task {
  /** All parameters by name, in a fixed order; they outlive the trainer. */
  Map<String, Tensor> parameters();

  /**
   * Sets the gradient of the parameters, which was zero, to {@code scale} times that of a step's
   * batch. A pure function of step, scale and parameters. Several {@link #workers} share the work;
   * each has the gradient of the whole batch afterwards.
   *
   * @param step 0 is the first
   * @param scale of the loss: a power of two, so that it changes no digit; 1 unless products are in
   *     float16
   * @return what the metrics should say of it: {@code loss} first, then its parts
   */
  Map<String, Double> accumulate(long step, double scale);

  /** Of the matrix products, as it is here: not auto. */
  Precision precision();

  /** The learning rate of a step. */
  double learningRate(long step);

  /** Steps in all. */
  long steps();

  /** Tokens whose graphs may be held at once. */
  int chunkTokens();

  /** Who share the work. */
  Workers workers();

  /** Rows (documents, sequences or queries) in a step; for rates. */
  int rowsPerStep();
}
