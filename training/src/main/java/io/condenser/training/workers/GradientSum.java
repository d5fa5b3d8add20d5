package io.condenser.training.workers;

/** The sum of all workers' gradients of one step. */
public interface GradientSum {
  /** The backward pass that completes the gradients begins: what it has done with may be sent. */
  void lastBackward();

  /** Comes back once the parameters' gradients are the sums, the same bits on each worker. */
  void finish();
}
