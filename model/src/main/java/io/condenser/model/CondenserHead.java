package io.condenser.model;

import static org.bytedeco.pytorch.global.torch.cat;

import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/**
 * The Condenser head (Condenser, eqs. 3 and 4): fresh transformer layers over the late CLS and the
 * early hidden states of all other tokens, so that whatever the late layers know reaches the masked
 * words through the CLS alone.
 */
final class CondenserHead {
  static final String PREFIX = "condenser_head.";

  private final List<TransformerLayer> layers;

  CondenserHead(BertConfig config, int depth) {
    layers =
        IntStream.range(0, depth).mapToObj(i -> new TransformerLayer(config, PREFIX + i)).toList();
  }

  /**
   * {@code [B, L, H]}: head([h_cls^late ; h^early]).
   *
   * @param late {@code [B, H]} the late CLS
   * @param early {@code [B, L, H]} hidden states after the early layers
   */
  Tensor forward(Weights weights, Tensor late, Tensor early, Inputs inputs, Dropout dropout) {
    Tensor rest = early.narrow(1, 1, early.size(1) - 1);
    Tensor h = cat(new TensorVector(late.unsqueeze(1), rest), 1);
    for (TransformerLayer layer : layers) {
      h = layer.forward(weights, h, inputs.mask(), dropout);
    }
    return h;
  }
}
