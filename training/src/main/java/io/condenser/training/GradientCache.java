package io.condenser.training;

import io.condenser.model.Machine;
import io.condenser.model.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
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

  private static final int CHUNKS_BETWEEN_RELEASES = 16;

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
    Tensor all = null;
    for (int i = 0; i < chunks.size(); i++) {
      all = keepGraphs ? keep(chunks.get(i), all) : withoutGraph(chunks.get(i), all);
      releaseAfter(i);
    }
    return Objects.requireNonNull(all, "a batch without rows");
  }

  private Tensor keep(C chunk, @Nullable Tensor all) {
    Pass pass = encoding.forward(chunk);
    kept.add(pass);
    return put(chunk, pass.representation().detach(), all);
  }

  private Tensor withoutGraph(C chunk, @Nullable Tensor all) {
    try (NoGradGuard _ = new NoGradGuard()) {
      if (all == null) {
        return Tensors.only(() -> put(chunk, encoding.represent(chunk), null));
      }
      try (PointerScope _ = new PointerScope()) {
        return put(chunk, encoding.represent(chunk), all);
      }
    }
  }

  /** Writes a chunk's rows where they stand in the batch; makes room for all with the first. */
  private Tensor put(C chunk, Tensor part, @Nullable Tensor all) {
    int[] rows = encoding.rows(chunk);
    Tensor room = all == null ? Tensors.empty(Tensors.type(part), batchRows(), part.size(1)) : all;
    room.index_copy_(0, Tensors.integers(rows, rows.length), part);
    return room;
  }

  private int batchRows() {
    return chunks.stream().mapToInt(chunk -> encoding.rows(chunk).length).sum();
  }

  /** Chunks are of many sizes: what one frees does not always fit the next. */
  private static void releaseAfter(int chunk) {
    if (chunk % CHUNKS_BETWEEN_RELEASES == CHUNKS_BETWEEN_RELEASES - 1) {
      Machine.releaseFreeMemory();
    }
  }

  /**
   * Step 3: adds to the parameters' gradients those of the chunks' own losses and, through the
   * cached gradient, those of the loss over all rows.
   *
   * @param gradient {@code [B, H]} with respect to the representations; null if there is no such
   *     loss
   * @param beforeLast called before the last chunk's backward pass
   */
  void backward(@Nullable Tensor gradient, Runnable beforeLast) {
    for (int i = 0; i < chunks.size(); i++) {
      if (i == chunks.size() - 1) {
        beforeLast.run();
      }
      try (PointerScope _ = new PointerScope()) {
        C chunk = chunks.get(i);
        backward(chunk, kept.isEmpty() ? encoding.forward(chunk) : kept.get(i), gradient);
      }
      releaseAfter(i);
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
