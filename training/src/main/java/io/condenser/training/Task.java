package io.condenser.training;

import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/** What a {@link Trainer} trains: parameters, and for every step a gradient. */
public interface Task {
  /** All parameters by name, in a fixed order; they outlive the trainer. */
  Map<String, Tensor> parameters();

  /**
   * Adds the gradient of a step's batch to that of the parameters. A pure function of the step and
   * the parameters.
   *
   * @param step 0 is the first
   * @return what the metrics should say of it: {@code loss} first, then its parts
   */
  Map<String, Double> accumulate(long step);

  /** The learning rate of a step. */
  double learningRate(long step);

  /** Steps in all. */
  long steps();

  /** Tokens whose graphs may be held at once. */
  int chunkTokens();

  /** Rows (documents, sequences or queries) in a step; for rates. */
  int rowsPerStep();
}
