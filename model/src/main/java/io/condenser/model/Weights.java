package io.condenser.model;

import static org.bytedeco.pytorch.global.torch.cat;
import static org.bytedeco.pytorch.global.torch.layer_norm;
import static org.bytedeco.pytorch.global.torch.linear;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Parameters as passes use them: dense layers in the type that their products are computed in, the
 * gradients of which flow back to the parameters; query, key and value as one layer. Embeddings and
 * LayerNorms stay as they are. To be made anew once parameters have changed; lives as long as the
 * scope it was made in.
 */
public final class Weights {
  private static final String WEIGHT = ".weight";
  private static final String BIAS = ".bias";
  private static final String QUERY = ".query";

  private record Dense(Tensor weight, TensorOptional bias) {}

  private final Parameters parameters;
  private final ScalarType type;
  private final Map<String, Dense> layers = new HashMap<>();
  private final @Nullable VocabularyLoss vocabulary;

  private Weights(Parameters parameters, ScalarType type, boolean decoder) {
    this.parameters = parameters;
    this.type = type;
    vocabulary =
        decoder
            ? new VocabularyLoss(
                parameters.get(Backbone.WORDS), parameters.get(MlmHead.PREFIX + "bias"), type)
            : null;
    for (String name : parameters.names()) {
      boolean isDense =
          name.endsWith(WEIGHT) && !name.contains("LayerNorm") && !name.contains("embeddings");
      if (isDense) {
        add(name.substring(0, name.length() - WEIGHT.length()));
      }
    }
  }

  /** The weights for encoding with products of the given precision. */
  public static Weights of(Parameters parameters, Precision precision) {
    return of(parameters, type(parameters, precision));
  }

  /** The weights for encoding with products of the given type. */
  static Weights of(Parameters parameters, ScalarType type) {
    return new Weights(parameters, type, false);
  }

  /** The weights for pre-training: also those that predict masked words. */
  public static Weights withDecoder(Parameters parameters, Precision precision) {
    return new Weights(parameters, type(parameters, precision), true);
  }

  private static ScalarType type(Parameters parameters, Precision precision) {
    return precision.type(Tensors.type(parameters.get(Backbone.WORDS)));
  }

  private void add(String layer) {
    if (layer.endsWith(QUERY)) {
      String attention = layer.substring(0, layer.length() - QUERY.length());
      put(attention, joined(attention, WEIGHT), joined(attention, BIAS));
    } else if (!layer.endsWith(".key") && !layer.endsWith(".value")) {
      put(layer, parameters.get(layer + WEIGHT), parameters.get(layer + BIAS));
    }
  }

  private Tensor joined(String attention, String what) {
    return cat(
        new TensorVector(
            parameters.get(attention + QUERY + what),
            parameters.get(attention + ".key" + what),
            parameters.get(attention + ".value" + what)),
        0);
  }

  private void put(String layer, Tensor weight, Tensor bias) {
    layers.put(layer, new Dense(weight.to(type), new TensorOptional(bias.to(type))));
  }

  /** The type that products are computed in, and that hidden states have. */
  ScalarType type() {
    return type;
  }

  /** The loss of predicted words. */
  VocabularyLoss vocabulary() {
    return Objects.requireNonNull(vocabulary, "made without a decoder");
  }

  /** A parameter itself. */
  Tensor get(String name) {
    return parameters.get(name);
  }

  /**
   * {@code x Wᵀ + b}.
   *
   * @param layer the parameters' name without {@code .weight} and {@code .bias}; {@code
   *     ….attention.self} is query, key and value in one, {@code [3H, H]}
   * @param x {@code [..., in]} of {@link #type}
   */
  Tensor dense(String layer, Tensor x) {
    Dense dense = layers.get(layer);
    if (dense == null) {
      throw new IllegalArgumentException("no dense layer named " + layer);
    }
    return linear(x, dense.weight, dense.bias);
  }

  /**
   * Normalises over the last dimension, scales and shifts (Ba et al. 2016).
   *
   * @param name the parameters' name without {@code .weight} and {@code .bias}
   * @return shape and type of {@code x}
   */
  Tensor norm(String name, Tensor x, double eps) {
    // A GPU's kernel wants x as wide as scale and shift.
    Tensor wide = x.is_cuda() ? Tensors.widened(x) : x;
    return layer_norm(
            wide,
            new long[] {x.size(-1)},
            parameters.optional(name + WEIGHT),
            parameters.optional(name + BIAS),
            eps,
            false)
        .to(Tensors.type(x));
  }
}
