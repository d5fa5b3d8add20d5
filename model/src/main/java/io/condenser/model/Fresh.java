package io.condenser.model;

import io.condenser.text.CounterRandom;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Fresh weights as BERT starts with: normal with standard deviation {@code initializer_range},
 * biases 0, LayerNorm scales 1. A function of the seed and the tensor's name, so that parts which
 * are made at different times have nothing in common; whatever computes, they are drawn by the
 * processor.
 */
public final class Fresh {
  private static final long STREAM = 0x6672657368L; // "fresh"

  private Fresh() {}

  /** Adds fresh float32 weights of the given names and shapes. */
  public static void add(
      Parameters parameters, Map<String, List<Long>> layout, double standardDeviation, long seed) {
    layout.forEach((name, shape) ->
        parameters.add(
            name,
            () -> {
              long[] sizes = shape.stream().mapToLong(Long::longValue).toArray();
              Tensor tensor = Tensors.inMemory(ScalarType.Float, sizes);
              if (name.endsWith("LayerNorm.weight")) {
                return torch.ones(sizes);
              }
              if (name.endsWith("bias")) {
                return tensor.zero_();
              }
              torch.manual_seed(CounterRandom.at(seed, STREAM, 0, name.hashCode()).bits(0));
              return tensor.normal_(0, standardDeviation, new GeneratorOptional());
            }));
  }
}
