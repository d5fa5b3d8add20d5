package io.condenser.training;

import io.condenser.model.Precision;
import org.jspecify.annotations.Nullable;

/**
 * What losses are multiplied by before their gradients are taken, and gradients divided by after,
 * so that small ones do not vanish in float16 (Micikevicius et al. 2018, arXiv 1710.03740, §3.2). A
 * power of two, which changes no digit. It is doubled after {@value #GROWTH} gradients in a row
 * that were finite, and halved after one that was not, whose step is left out.
 *
 * @param factor at least 1
 * @param finite gradients since it last changed
 */
record LossScale(double factor, int finite) {
  static final int GROWTH = 2000;
  private static final double FIRST = 1 << 16;

  /** The scale of a first step; null for a precision that needs none. */
  static @Nullable LossScale first(Precision precision) {
    return precision == Precision.FP16 ? new LossScale(FIRST, 0) : null;
  }

  /** The next step's scale. */
  LossScale after(boolean isFinite) {
    if (!isFinite) {
      return new LossScale(factor / 2, 0);
    }
    return finite + 1 == GROWTH ? new LossScale(2 * factor, 0) : new LossScale(factor, finite + 1);
  }

  /** Whether a gradient that is not finite is not this scale's fault. */
  boolean isLeast() {
    return factor <= 1;
  }
}
