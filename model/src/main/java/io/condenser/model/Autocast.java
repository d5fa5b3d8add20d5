package io.condenser.model;

import static org.bytedeco.pytorch.global.torch.clear_cache;
import static org.bytedeco.pytorch.global.torch.decrement_nesting;
import static org.bytedeco.pytorch.global.torch.increment_nesting;
import static org.bytedeco.pytorch.global.torch.is_autocast_enabled;
import static org.bytedeco.pytorch.global.torch.set_autocast_dtype;
import static org.bytedeco.pytorch.global.torch.set_autocast_enabled;

import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Chooses the element type of matrix products on this thread until closed. Weights stay float32;
 * the casts of a step's weights are kept until the outermost closes.
 */
public final class Autocast implements AutoCloseable {
  private final boolean before = is_autocast_enabled(DeviceType.CPU);

  private Autocast(boolean on) {
    if (on) {
      set_autocast_dtype(DeviceType.CPU, ScalarType.BFloat16);
    }
    set_autocast_enabled(DeviceType.CPU, on);
    increment_nesting();
  }

  /** Products in the given precision from here to {@link #close}. */
  public static Autocast to(Precision precision) {
    return new Autocast(precision == Precision.BF16);
  }

  /** Everything in the type of its inputs from here to {@link #close}. */
  static Autocast off() {
    return new Autocast(false);
  }

  @Override
  public void close() {
    if (decrement_nesting() == 0) {
      clear_cache();
    }
    set_autocast_enabled(DeviceType.CPU, before);
  }
}
