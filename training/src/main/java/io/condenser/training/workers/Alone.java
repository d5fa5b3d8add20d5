package io.condenser.training.workers;

import java.util.Collection;
import org.bytedeco.pytorch.Tensor;

/** One process that does everything: nothing is shared, gathered or summed. */
final class Alone implements Workers {
  static final Alone ONE = new Alone();

  private static final GradientSum NOTHING_TO_ADD =
      new GradientSum() {
        @Override
        public void lastBackward() {}

        @Override
        public void finish() {}
      };

  private Alone() {}

  @Override
  public int rank() {
    return 0;
  }

  @Override
  public int count() {
    return 1;
  }

  @Override
  public int onThisMachine() {
    return 1;
  }

  @Override
  public Share share(int[] sizes) {
    return Share.whole(sizes.length);
  }

  @Override
  public Tensor gather(Tensor own, Share share) {
    return own;
  }

  @Override
  public void sum(Tensor tensor) {}

  @Override
  public double[] sum(double... numbers) {
    return numbers.clone();
  }

  @Override
  public double first(double number) {
    return number;
  }

  @Override
  public void copyFirst(Collection<Tensor> tensors) {}

  @Override
  public GradientSum gradients(Collection<Tensor> parameters) {
    return NOTHING_TO_ADD;
  }

  @Override
  public void finish() {}

  @Override
  public void fail(String message) {}

  @Override
  public void close() {}
}
