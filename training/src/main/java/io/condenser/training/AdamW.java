package io.condenser.training;

import io.condenser.model.Tensors;
import io.condenser.storage.Safetensors;
import io.condenser.storage.StoredTensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorType;
import org.bytedeco.pytorch.Type;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Adam with decoupled weight decay (Loshchilov &amp; Hutter 2019): β = (0.9, 0.999), ε = 1e-8; no
 * decay on biases and LayerNorm. One fused kernel takes all tensors of a group at once. A parameter
 * without a gradient is left as it is.
 */
final class AdamW implements AutoCloseable {
  private static final double BETA_1 = 0.9;
  private static final double BETA_2 = 0.999;
  private static final double EPSILON = 1e-8;

  /** A parameter with its moments. */
  private record Slot(String name, Tensor weight, Tensor first, Tensor second, Tensor steps) {}

  private final List<Slot> decayed = new ArrayList<>();
  private final List<Slot> plain = new ArrayList<>();
  private final double weightDecay;
  private final OperatorHandle kernel =
      Dispatcher.singleton().findSchemaOrThrow("aten::_fused_adamw_", "");

  /** Moments of zero for all {@code parameters}, which must not be created in a scope. */
  AdamW(Map<String, Tensor> parameters, double weightDecay) {
    this.weightDecay = weightDecay;
    parameters.forEach((name, weight) ->
        (decays(name) ? decayed : plain)
            .add(
                new Slot(
                    name,
                    weight,
                    torch.zeros_like(weight.detach()),
                    torch.zeros_like(weight.detach()),
                    Tensors.empty(ScalarType.Float, 1).zero_())));
  }

  private static boolean decays(String name) {
    return !name.endsWith("bias") && !name.contains("LayerNorm");
  }

  /** Moves every parameter that has a gradient. */
  void step(double learningRate) {
    update(decayed, learningRate, weightDecay);
    update(plain, learningRate, 0);
  }

  private void update(List<Slot> group, double learningRate, double decay) {
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      List<Slot> moved = group.stream().filter(slot -> slot.weight.grad().defined()).toList();
      if (moved.isEmpty()) {
        return;
      }
      kernel.callBoxed(
          new IValueVector(
              list(moved.stream().map(Slot::weight).toList()),
              list(moved.stream().map(slot -> slot.weight.grad()).toList()),
              list(moved.stream().map(Slot::first).toList()),
              list(moved.stream().map(Slot::second).toList()),
              list(List.of()),
              list(moved.stream().map(slot -> countOne(slot.steps)).toList()),
              new IValue(learningRate),
              new IValue(BETA_1),
              new IValue(BETA_2),
              new IValue(decay),
              new IValue(EPSILON),
              new IValue(false),
              new IValue(false),
              new IValue(),
              new IValue()));
    }
  }

  private static Tensor countOne(Tensor steps) {
    return steps.add_(new Scalar(1));
  }

  private static IValue list(List<Tensor> tensors) {
    GenericList list = new GenericList(new Type.TypePtr(TensorType.get()));
    tensors.forEach(tensor -> list.push_back(new IValue(tensor)));
    return new IValue(list);
  }

  /**
   * Views of all moments and step counts.
   *
   * @param copies where those from a GPU are copied to
   */
  List<StoredTensor> stored(Arena copies) {
    List<StoredTensor> tensors = new ArrayList<>();
    state().forEach((name, tensor) -> tensors.add(Tensors.view(name, tensor, copies)));
    return tensors;
  }

  /** All moments and step counts. */
  Collection<Tensor> tensors() {
    return state().values();
  }

  /** Takes moments and step counts from a checkpoint. */
  void restore(Safetensors checkpoint) {
    Tensors.restore(state(), checkpoint);
  }

  private Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    for (List<Slot> group : List.of(decayed, plain)) {
      for (Slot slot : group) {
        state.put("exp_avg." + slot.name, slot.first);
        state.put("exp_avg_sq." + slot.name, slot.second);
        state.put("step." + slot.name, slot.steps);
      }
    }
    return state;
  }

  @Override
  public void close() {
    state().values().forEach(Tensor::close);
  }
}
