package io.condenser.training.workers;

import io.condenser.model.Tensors;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Sums gradients in flat buckets. A bucket is sent while the last backward pass goes on, as soon as
 * all its gradients are complete and the buckets before it are sent: their order, and with it the
 * order of every sum, depends on the parameters alone.
 *
 * <p>A bucket ends with a number for each of its parameters: whether it has a gradient at all. One
 * that no worker has a gradient for stays without.
 */
final class Buckets implements GradientSum {
  /** A sum that is under way. */
  interface Pending {
    void await();
  }

  private final Function<Tensor, Pending> sum;
  private final List<Bucket> buckets = new ArrayList<>();
  private final GradientHooks hooks;
  private @Nullable RuntimeException failure; // of a hook, which cannot throw through native code
  private int sent;

  /**
   * Buckets of one step.
   *
   * @param parameters those at the end are complete first
   * @param hooks of these parameters, one step after the other
   * @param numbers that a bucket holds at most, unless a single parameter has more
   * @param sum begins to replace a tensor by the sum of all workers'
   */
  Buckets(
      Collection<Tensor> parameters,
      GradientHooks hooks,
      long numbers,
      Function<Tensor, Pending> sum) {
    this.hooks = hooks;
    this.sum = sum;
    Bucket last = null;
    for (Tensor parameter : List.copyOf(parameters).reversed()) {
      if (parameter.requires_grad()) {
        if (last == null || last.numbers + parameter.numel() > numbers) {
          last = new Bucket();
          buckets.add(last);
        }
        last.add(parameter);
      }
    }
  }

  /**
   * A hook runs before its gradient is added to the parameter's; the next event comes after. So a
   * bucket is complete with the first hook after those of all its parameters.
   */
  @Override
  public void lastBackward() {
    IdentityHashMap<Tensor, Bucket> places = new IdentityHashMap<>();
    buckets.forEach(bucket -> bucket.parameters.forEach(p -> places.put(p, bucket)));
    hooks.call(
        places.keySet(),
        parameter -> {
          sendComplete();
          Bucket place = places.get(parameter);
          if (place != null) {
            place.missing--;
          }
        });
  }

  private void sendComplete() {
    try {
      while (failure == null && sent < buckets.size() && buckets.get(sent).missing == 0) {
        send();
      }
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  private void send() {
    buckets.get(sent++).send();
  }

  @Override
  public void finish() {
    hooks.callNobody();
    if (failure != null) {
      throw failure;
    }
    while (sent < buckets.size()) {
      send();
    }
    buckets.forEach(Bucket::receive);
  }

  /** Parameters whose gradients travel together. */
  private final class Bucket {
    private final List<Tensor> parameters = new ArrayList<>();
    private long numbers;
    private int missing;
    private @Nullable Tensor flat;
    private Pending pending = () -> {};

    void add(Tensor parameter) {
      parameters.add(parameter);
      numbers += parameter.numel();
      missing++;
    }

    void send() {
      try (PointerScope _ = new PointerScope();
          NoGradGuard _ = new NoGradGuard()) {
        TensorVector parts = new TensorVector();
        double[] present = new double[parameters.size()];
        for (int i = 0; i < present.length; i++) {
          Tensor parameter = parameters.get(i);
          boolean defined = parameter.grad().defined();
          present[i] = defined ? 1 : 0;
          Tensor part = defined ? parameter.grad() : torch.zeros_like(parameter.detach());
          parts.push_back(part.reshape(-1));
        }
        parts.push_back(Tensors.numbers(present).to(parameters.getFirst()));
        flat = torch.cat(parts, 0).retainReference(); // outlives the chunk that sends it
        pending = sum.apply(flat);
      }
    }

    void receive() {
      pending.await();
      try (PointerScope _ = new PointerScope();
          NoGradGuard _ = new NoGradGuard()) {
        Tensor flat = Objects.requireNonNull(this.flat, "received before it was sent");
        float[] present = Tensors.floats(flat.narrow(0, numbers, parameters.size()));
        long at = 0;
        for (int i = 0; i < present.length; i++) {
          Tensor parameter = parameters.get(i);
          Tensor total = flat.narrow(0, at, parameter.numel()).view_as(parameter);
          at += parameter.numel();
          if (present[i] > 0) {
            put(parameter, total);
          }
        }
        flat.releaseReference();
      }
    }

    private static void put(Tensor parameter, Tensor total) {
      if (parameter.grad().defined()) {
        parameter.grad().copy_(total);
      } else {
        parameter.mutable_grad().put(total.clone());
      }
    }
  }
}
