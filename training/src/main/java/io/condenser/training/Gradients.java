package io.condenser.training;

import java.util.Collection;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** What stands in the parameters' gradients after a backward pass. */
final class Gradients {
  private Gradients() {}

  /**
   * Scales all gradients so that their common norm is at most {@code bound} (Pascanu et al. 2013).
   *
   * @return the norm before
   */
  static double clip(Collection<Tensor> parameters, double bound) {
    try (PointerScope _ = new PointerScope()) {
      List<Tensor> with = parameters.stream().filter(p -> p.grad().defined()).toList();
      return torch.clip_grad_norm_(new TensorVector(with.toArray(Tensor[]::new)), bound);
    }
  }

  /** Divides all gradients by a power of two. */
  static void divide(Collection<Tensor> parameters, double divisor) {
    if (divisor == 1) {
      return;
    }
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      for (Tensor parameter : parameters) {
        if (parameter.grad().defined()) {
          parameter.grad().mul_(new Scalar(1 / divisor));
        }
      }
    }
  }

  /** Sets to zero what gradients there are; their memory stays where it is. */
  static void clear(Collection<Tensor> parameters) {
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      for (Tensor parameter : parameters) {
        if (parameter.grad().defined()) {
          parameter.grad().zero_();
        }
      }
    }
  }
}
