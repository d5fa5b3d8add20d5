package io.condenser.training;

import io.condenser.model.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Gradients of a loss that needs all rows of a batch at once, in the memory of one chunk (Gao et
 * al. 2021, "Scaling Deep Contrastive Learning Batch Size under Memory Limited Setup"): represent
 * every chunk without a graph; take the loss's gradient with respect to the representations; run
 * every chunk again with a graph and the same dropout, and pass the cached gradient on.
 *
 * <p>A batch whose graphs fit in memory together is spared the second pass: the first one's graphs
 * are kept. Both ways give the same gradient, to the bit.
 *
 * @param <C> a chunk of rows
 */
final class GradientCache<C> {
  /** The model's side. */
  interface Encoding<C> {
    /** Rows of the batch that stand in this chunk, in its order. */
    int[] rows(C chunk);

    /** {@code [rows, H]} as in training; called without a graph. */
    Tensor represent(C chunk);

    /** The same with a graph and the same dropout, and what else the chunk has a gradient for. */
    Pass forward(C chunk);
  }

  /**
   * A forward pass with a graph.
   *
   * @param representation {@code [rows, H]}
   * @param ownLoss computes a scalar with the gradient of the chunk's own share of the batch's
   *     loss; null if it has none
   */
  record Pass(Tensor representation, @Nullable Supplier<Tensor> ownLoss) {}

  private final Encoding<C> encoding;
  private final List<C> chunks;
  private final boolean keepGraphs;
  private final List<Pass> kept = new ArrayList<>();

  /**
   * A cache for one batch, to be used inside a scope of its step.
   *
   * @param keepGraphs whether all chunks' graphs may be held at once
   */
  GradientCache(Encoding<C> encoding, List<C> chunks, boolean keepGraphs) {
    this.encoding = encoding;
    this.chunks = List.copyOf(chunks);
    this.keepGraphs = keepGraphs;
  }

  /** Step 1: representations {@code [B, H]} of all rows, in the batch's order, without a graph. */
  Tensor represent() {
    List<Tensor> parts = new ArrayList<>();
    for (C chunk : chunks) {
      parts.add(keepGraphs ? keep(chunk) : withoutGraph(chunk));
    }
    int[] rows = chunks.stream().map(encoding::rows).flatMapToInt(Arrays::stream).toArray();
    Tensor all =
        Tensors.empty(Tensors.type(parts.getFirst()), rows.length, parts.getFirst().size(1));
    Tensor chunked = torch.cat(new TensorVector(parts.toArray(Tensor[]::new)), 0);
    return all.index_copy_(0, Tensors.integers(rows, rows.length), chunked);
  }

  private Tensor keep(C chunk) {
    Pass pass = encoding.forward(chunk);
    kept.add(pass);
    return pass.representation().detach();
  }

  private Tensor withoutGraph(C chunk) {
    PointerScope step = PointerScope.getInnerScope();
    try (PointerScope scope = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      Tensor part = encoding.represent(chunk).clone(); // a view would hold all hidden states
      step.attach(part);
      scope.detach(part);
      return part;
    }
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
        C chunk = chunks.get(i);
        backward(chunk, kept.isEmpty() ? encoding.forward(chunk) : kept.get(i), gradient);
      }
    }
  }

  private void backward(C chunk, Pass pass, @Nullable Tensor gradient) {
    Tensor surrogate = pass.ownLoss() == null ? null : pass.ownLoss().get();
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
