package io.condenser.model;

import io.condenser.text.TokenBatch;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.jspecify.annotations.Nullable;

/**
 * A batch as the backbone takes it.
 *
 * @param ids {@code [B, L]}
 * @param types {@code [B, L]} segment of each token; null if all are of the first
 * @param mask {@code [B, 1, 1, L]} true where a token may be attended to; empty if nothing is
 *     padded
 * @param lengths {@code [B]} tokens that are not padding
 */
record Inputs(Tensor ids, @Nullable Tensor types, TensorOptional mask, Tensor lengths) {
  static Inputs of(TokenBatch batch) {
    long rows = batch.rows();
    long length = batch.length();
    Tensor lengths = Tensors.integers(batch.lengths(), rows);
    boolean padded = batch.tokens() < rows * length;
    boolean single = Arrays.stream(batch.tokenTypes()).allMatch(type -> type == 0);
    return new Inputs(
        Tensors.integers(batch.ids(), rows, length),
        single ? null : Tensors.integers(batch.tokenTypes(), rows, length),
        padded ? new TensorOptional(visible(lengths, rows, length)) : new TensorOptional(),
        lengths);
  }

  private static Tensor visible(Tensor lengths, long rows, long length) {
    int[] columns = new int[(int) length];
    Arrays.setAll(columns, i -> i);
    return Tensors.integers(columns, 1, length).lt(lengths.view(rows, 1)).view(rows, 1, 1, length);
  }
}
