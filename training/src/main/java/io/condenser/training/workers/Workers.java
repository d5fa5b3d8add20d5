package io.condenser.training.workers;

import io.condenser.model.Precision;
import io.condenser.storage.InputException;
import java.util.Collection;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * The workers that train one model together, as one of them sees them. All of them take the same
 * steps; in each, every one computes its {@link #share} of the same batch, and what they found is
 * summed, so that all hold the same gradient. What is called here is called by all, in the same
 * order.
 *
 * @see #alone
 */
public sealed interface Workers extends AutoCloseable permits Alone, WorkerGroup {
  /** One process that does everything. */
  static Workers alone() {
    return Alone.ONE;
  }

  /** This worker's number; 0 is the first, which alone logs, validates and writes. */
  int rank();

  /** How many there are. */
  int count();

  /** How many of them share this machine. */
  int onThisMachine();

  /** Whether this is the worker that logs, validates and writes. */
  default boolean leads() {
    return rank() == 0;
  }

  /**
   * Deals out a batch.
   *
   * @param sizes {@code [R]} of each row, e.g. its tokens; at least as many as there are workers
   */
  Share share(int[] sizes);

  /**
   * The rows of all workers.
   *
   * @param own {@code [share.size(), H]}
   * @return {@code [R, H]} in the order of the share
   */
  Tensor gather(Tensor own, Share share);

  /** Replaces a tensor by the sum of all workers', the same bits on each. */
  void sum(Tensor tensor);

  /** Sums of all workers' numbers, the same bits on each. */
  double[] sum(double... numbers);

  /** The first worker's number, on each. */
  double first(double number);

  /** What a precision is where the first worker runs: what is faster there is taken by all. */
  default Precision first(Precision precision) {
    List<Precision> all = List.of(Precision.values());
    return all.get((int) first(all.indexOf(precision.here())));
  }

  /** Gives the others the first worker's values of these tensors. */
  void copyFirst(Collection<Tensor> tensors);

  /**
   * The reduction of one step's gradients; to be finished before the step's scope ends.
   *
   * @param parameters in an order that is the same on all workers
   */
  GradientSum gradients(Collection<Tensor> parameters);

  /**
   * Ends the work of all: comes back once every worker has come here.
   *
   * @throws InputException if one of them stopped before
   */
  void finish();

  /** Tells the others that this one fails, so that they stop, too. */
  void fail(String message);

  /** Without a {@link #finish} before, the others take it as a failure. */
  @Override
  void close();
}
