package io.condenser.model;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** How a text's vector comes from the last layer's hidden states. */
public enum Pooling {
  /** The vector at [CLS], as in Condenser and DPR. */
  CLS {
    @Override
    Tensor pool(Tensor h, Inputs inputs) {
      return h.select(1, 0);
    }
  },
  /** The mean over all tokens that are not padding (Sentence-BERT). */
  MEAN {
    @Override
    Tensor pool(Tensor h, Inputs inputs) {
      ScalarType type = Tensors.type(h);
      Tensor visible =
          inputs.mask().has_value()
              ? h.mul(inputs.mask().get().view(h.size(0), h.size(1), 1).to(type))
              : h;
      return visible.sum(1).div(inputs.lengths().to(type).view(-1, 1));
    }
  };

  /** {@code [B, L, H]} to {@code [B, H]}. */
  abstract Tensor pool(Tensor h, Inputs inputs);
}
