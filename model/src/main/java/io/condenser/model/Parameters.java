package io.condenser.model;

import io.condenser.storage.StoredTensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The weights of a model under Hugging Face's names, in a fixed order. Tied weights (word
 * embeddings and MLM decoder) stand once, under the embeddings. They live until {@link #close},
 * outside every scope.
 */
public final class Parameters implements AutoCloseable {
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final Map<String, TensorOptional> optionals = new LinkedHashMap<>();

  /** No weights yet. */
  public Parameters() {}

  /** Adds a copy of a stored tensor, converted to {@code type}; it collects gradients. */
  public void add(StoredTensor stored, ScalarType type) {
    try (PointerScope scope = new PointerScope()) {
      put(stored.name(), Tensors.copyOf(stored).to(type), scope);
    }
  }

  /** Adds what {@code fresh} makes, which this object then owns; it collects gradients. */
  void add(String name, Supplier<Tensor> fresh) {
    try (PointerScope scope = new PointerScope()) {
      put(name, fresh.get(), scope);
    }
  }

  private void put(String name, Tensor made, PointerScope scope) {
    if (tensors.containsKey(name)) {
      throw new IllegalArgumentException("two parameters named " + name);
    }
    Tensor tensor = Tensors.here(made);
    tensor.set_requires_grad(true);
    TensorOptional optional = new TensorOptional(tensor);
    tensors.put(name, escape(tensor, scope));
    optionals.put(name, escape(optional, scope));
  }

  /** Takes a pointer out of the scope that would close it; {@link #close} does that instead. */
  private static <P extends Pointer> P escape(P pointer, PointerScope scope) {
    pointer.retainReference();
    scope.detach(pointer);
    return pointer;
  }

  /** The tensor of that name, which must be there. */
  public Tensor get(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("no parameter named " + name);
    }
    return tensor;
  }

  /** The same as the optional argument that many operators take. */
  TensorOptional optional(String name) {
    TensorOptional optional = optionals.get(name);
    if (optional == null) {
      throw new IllegalArgumentException("no parameter named " + name);
    }
    return optional;
  }

  /** Whether there is a parameter of that name. */
  public boolean has(String name) {
    return tensors.containsKey(name);
  }

  /** All names, in order. */
  public Set<String> names() {
    return Collections.unmodifiableSet(tensors.keySet());
  }

  /** All weights by name, in order. */
  public Map<String, Tensor> tensors() {
    return Collections.unmodifiableMap(tensors);
  }

  /** Lets exactly the parameters that {@code which} names collect gradients. */
  public void train(Predicate<String> which) {
    tensors.forEach((name, tensor) -> tensor.set_requires_grad(which.test(name)));
  }

  /** Views of the weights whose names pass; valid while this object is open and unchanged. */
  public List<StoredTensor> stored(Predicate<String> which) {
    return tensors.entrySet().stream()
        .filter(entry -> which.test(entry.getKey()))
        .map(entry -> Tensors.view(entry.getKey(), entry.getValue()))
        .toList();
  }

  @Override
  public void close() {
    optionals.values().forEach(TensorOptional::close);
    tensors.values().forEach(Tensor::close);
    optionals.clear();
    tensors.clear();
  }
}
