package io.condenser.training.workers;

import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.VoidTensorHook;

/**
 * One hook on each parameter, for as long as it lives, that tells whoever listens at the time: the
 * library keeps an empty place for every hook that was ever removed, and looks at it in every
 * backward pass.
 */
final class GradientHooks {
  private final IdentityHashMap<Tensor, VoidTensorHook> hooks = new IdentityHashMap<>();
  private Consumer<Tensor> listener = _ -> {};

  /** From now on calls {@code listener} with each of these parameters whose gradient comes. */
  void call(Collection<Tensor> parameters, Consumer<Tensor> listener) {
    this.listener = listener;
    for (Tensor parameter : parameters) {
      hooks.computeIfAbsent(parameter, this::hook);
    }
  }

  /** No longer calls anyone. */
  void callNobody() {
    listener = _ -> {};
  }

  private VoidTensorHook hook(Tensor parameter) {
    VoidTensorHook hook =
        new VoidTensorHook() {
          @Override
          public void call(TensorBase gradient) {
            listener.accept(parameter);
          }
        };
    hook.retainReference(); // outlives the step that makes it
    parameter.register_hook(hook);
    return hook;
  }
}
