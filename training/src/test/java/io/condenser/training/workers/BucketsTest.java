package io.condenser.training.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.model.Tensors;
import io.condenser.storage.InputException;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

/** A sum that doubles stands for that of two equal workers. */
class BucketsTest {
  private final List<Tensor> parameters = new ArrayList<>();
  private final List<Long> sent = new ArrayList<>();
  private final GradientHooks hooks = new GradientHooks();

  @Test
  void aGradientIsSentWholeWhileThePassGoesOn() {
    try (PointerScope _ = new PointerScope()) {
      parameters(4);
      Buckets buckets = new Buckets(parameters, hooks, 3, this::doubled);
      Tensor loss = chain();
      loss.backward(); // a first chunk
      buckets.lastBackward();
      try (PointerScope _ = new PointerScope()) { // a chunk's, which ends before the sums are there
        chain().backward();
      }
      assertThat(sent).as("sent before the end").hasSizeGreaterThanOrEqualTo(2);
      buckets.finish();
      assertThat(sent).hasSize(4);
      for (Tensor parameter : parameters) { // 2 chunks, 2 workers
        assertThat(Tensors.floats(parameter.grad())).containsOnly(4f);
      }
    }
  }

  @Test
  void severalParametersTravelTogether() {
    try (PointerScope _ = new PointerScope()) {
      parameters(4);
      Buckets buckets = new Buckets(parameters, hooks, 4, this::doubled);
      buckets.lastBackward();
      chain().backward();
      buckets.finish();
      assertThat(sent).containsExactly(6L, 6L); // two numbers and a flag of each
    }
  }

  @Test
  void whatHasNoGradientStaysWithout() {
    try (PointerScope _ = new PointerScope()) {
      parameters(3);
      Tensor unused = parameters.getFirst();
      Tensor frozen = parameters.get(1).set_requires_grad(false);
      Buckets buckets = new Buckets(parameters, hooks, 100, this::doubled);
      buckets.lastBackward();
      parameters.getLast().sum().backward();
      buckets.finish();
      assertThat(unused.grad().defined()).isFalse();
      assertThat(frozen.grad().defined()).isFalse();
      assertThat(Tensors.floats(parameters.getLast().grad())).containsOnly(2f);
    }
  }

  @Test
  void hooksAreQuietAfterwards() {
    try (PointerScope _ = new PointerScope()) {
      parameters(2);
      Buckets buckets = new Buckets(parameters, hooks, 100, this::doubled);
      buckets.lastBackward();
      chain().backward();
      buckets.finish();
      sent.clear();
      chain().backward();
      assertThat(sent).isEmpty();
    }
  }

  @Test
  void theNextStepFindsTheSameHooks() {
    try (PointerScope _ = new PointerScope()) {
      parameters(4);
      for (int step = 0; step < 3; step++) {
        sent.clear();
        parameters.forEach(parameter -> parameter.mutable_grad().reset());
        Buckets buckets = new Buckets(parameters, hooks, 3, this::doubled);
        buckets.lastBackward();
        chain().backward();
        assertThat(sent).as("sent before the end").hasSizeGreaterThanOrEqualTo(2);
        buckets.finish();
        assertThat(sent).hasSize(4);
        for (Tensor parameter : parameters) {
          assertThat(Tensors.floats(parameter.grad())).containsOnly(2f);
        }
      }
    }
  }

  @Test
  void whatFailsDuringThePassIsSaidAfterIt() {
    InputException dead = new InputException("another worker is gone");
    try (PointerScope _ = new PointerScope()) {
      parameters(4);
      Buckets buckets =
          new Buckets(
              parameters,
              hooks,
              3,
              _ -> {
                throw dead;
              });
      buckets.lastBackward();
      chain().backward();
      assertThatThrownBy(buckets::finish).isSameAs(dead);
    }
  }

  private void parameters(int count) {
    for (int i = 0; i < count; i++) {
      parameters.add(
          Tensors.empty(ScalarType.Float, 2).fill_(new Scalar(1.0)).set_requires_grad(true));
    }
  }

  /** A product of all parameters: a backward pass meets the last one first. */
  private Tensor chain() {
    Tensor product = torch.ones_like(parameters.getFirst().detach());
    for (Tensor parameter : parameters) {
      product = product.mul(parameter);
    }
    return product.sum();
  }

  private Buckets.Pending doubled(Tensor flat) {
    sent.add(flat.numel());
    try (NoGradGuard _ = new NoGradGuard()) {
      flat.mul_(new Scalar(2.0));
    }
    return () -> {};
  }
}
