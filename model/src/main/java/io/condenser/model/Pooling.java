package io.condenser.model;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** How a text's vector comes from the last layer's hidden states. */
public enum Pooling {
  /** The vector at [CLS], as in Condenser and DPR. */
  CLS {
    @Override
    Tensor pool(Tensor h, Inputs inputs) {
      return Tensors.widened(h.select(1, 0));
    }
  },
  /** The mean over all tokens that are not padding (Sentence-BERT). */
  MEAN {
    @Override
    Tensor pool(Tensor h, Inputs inputs) {
      Tensor wide = Tensors.widened(h);
      ScalarType type = Tensors.type(wide);
      Tensor visible =
          inputs.mask().has_value()
              ? wide.mul(inputs.mask().get().view(h.size(0), h.size(1), 1).to(type))
              : wide;
      return visible.sum(1).div(inputs.lengths().to(type).view(-1, 1));
    }
  };

  /** {@code [B, L, H]} to {@code [B, H]}, at least float32. */
  abstract Tensor pool(Tensor h, Inputs inputs);
}
