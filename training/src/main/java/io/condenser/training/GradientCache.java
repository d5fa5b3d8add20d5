package io.condenser.training;

import io.condenser.model.Tensors;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Gradients of a loss that needs all rows of a batch at once, in the memory of one chunk (Gao et
 * al. 2021, "Scaling deep contrastive learning batch size under memory limited setup"): represent
 * every chunk without a graph; take the loss's gradient with respect to the representations; run
 * every chunk again with a graph and the same dropout, and pass the cached gradient on.
 *
 * @param <C> a chunk of rows
 */
final class GradientCache<C> {
  /** The model's side. */
  interface Encoding<C> {
    /** Rows of the batch that stand in this chunk, in its order. */
    int[] rows(C chunk);

    /** {@code [rows, H]}; called without a graph, in training mode. */
    Tensor represent(C chunk);

    /** The same with a graph, and whatever loss the chunk has of its own. */
    Pass forward(C chunk);
  }

  /**
   * A forward pass with a graph.
   *
   * @param representation {@code [rows, H]}
   * @param loss the chunk's own share of the batch's loss, a scalar; null if it has none
   */
  record Pass(Tensor representation, @Nullable Tensor loss) {}

  private final Encoding<C> encoding;
  private final List<C> chunks;
  private final LongUnaryOperator dropoutSeed;

  /**
   * A cache for one batch.
   *
   * @param dropoutSeed seed of each chunk's dropout, by its index
   */
  GradientCache(Encoding<C> encoding, List<C> chunks, LongUnaryOperator dropoutSeed) {
    this.encoding = encoding;
    this.chunks = List.copyOf(chunks);
    this.dropoutSeed = dropoutSeed;
  }

  /** Step 1: representations {@code [B, H]} of all rows, in the batch's order, without a graph. */
  Tensor represent() {
    int count = chunks.stream().mapToInt(chunk -> encoding.rows(chunk).length).sum();
    Tensor all = null;
    for (int i = 0; i < chunks.size(); i++) {
      C chunk = chunks.get(i);
      Tensor target = all;
      try (PointerScope scope = new PointerScope();
          NoGradGuard _ = new NoGradGuard()) {
        torch.manual_seed(dropoutSeed.applyAsLong(i));
        Tensor part = encoding.represent(chunk);
        if (target == null) {
          target = Tensors.empty(part.scalar_type(), count, part.size(1));
          target.retainReference();
          scope.detach(target);
        }
        int[] rows = encoding.rows(chunk);
        target.index_copy_(0, Tensors.integers(rows, rows.length), part);
      }
      all = target;
    }
    if (all == null) {
      throw new IllegalArgumentException("a batch without rows");
    }
    PointerScope outer = PointerScope.getInnerScope();
    if (outer != null) {
      outer.attach(all);
    }
    return all;
  }

  /**
   * Step 3: adds to the parameters' gradients those of the chunks' own losses and, through the
   * cached gradient, those of the loss over all rows.
   *
   * @param gradient {@code [B, H]} with respect to the representations; null if there is no such
   *     loss
   */
  void backward(@Nullable Tensor gradient) {
    for (int i = 0; i < chunks.size(); i++) {
      try (PointerScope _ = new PointerScope()) {
        torch.manual_seed(dropoutSeed.applyAsLong(i));
        backward(chunks.get(i), encoding.forward(chunks.get(i)), gradient);
      }
    }
  }

  private void backward(C chunk, Pass pass, @Nullable Tensor gradient) {
    Tensor surrogate = pass.loss();
    if (gradient != null) {
      int[] rows = encoding.rows(chunk);
      Tensor cached = gradient.index_select(0, Tensors.integers(rows, rows.length));
      Tensor product = pass.representation().mul(cached).sum(); // ⟨v, h⟩
      surrogate = surrogate == null ? product : surrogate.add(product);
    }
    if (surrogate != null && surrogate.requires_grad()) {
      surrogate.backward();
    }
  }
}
