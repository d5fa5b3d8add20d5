package io.condenser.model;

import static org.bytedeco.pytorch.global.torch.linear_out;
import static org.bytedeco.pytorch.global.torch.log_softmax_out;
import static org.bytedeco.pytorch.global.torch.mm;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Softmax cross-entropy over the vocabulary, with its gradients in closed form: softmax minus the
 * word that was wanted. It is computed in blocks of rows, and no graph holds the logits.
 */
final class VocabularyLoss {
  /** Logits held at once; 64 MB of float32. */
  private static final long BLOCK_LOGITS = 1L << 24;

  private final Tensor weight;
  private final Tensor bias;
  private final Tensor decoder;
  private final TensorOptional decoderBias;
  private final Tensor logits; // [block, V], to work in
  private final Tensor slopes; // [block, V], to work in

  /**
   * The loss of a decoder. It holds memory to work in, and lives as long as the scope it was made
   * in.
   *
   * @param weight {@code [V, H]}
   * @param bias {@code [V]}
   * @param type that products are computed in
   */
  VocabularyLoss(Tensor weight, Tensor bias, ScalarType type) {
    this.weight = weight;
    this.bias = bias;
    decoder = weight.detach().to(type);
    decoderBias = new TensorOptional(bias.detach().to(type));
    long block = Math.max(1, BLOCK_LOGITS / weight.size(0));
    logits = Tensors.empty(type, block, weight.size(0));
    slopes = Tensors.empty(Tensors.type(weight), block, weight.size(0));
  }

  /**
   * What wrong words cost.
   *
   * @param losses {@code [M]} the cross-entropy of each row
   * @param gradient {@code [M, H]} of scale × the sum of the losses, with respect to the features
   */
  record Result(Tensor losses, Tensor gradient) {}

  /**
   * The losses of rows, and their gradient. That with respect to weight and bias is added to
   * theirs, where they collect any.
   *
   * @param features {@code [M, H]}, of which no graph is used
   * @param labels {@code [M]} the words that were wanted
   * @param scale what the sum of the losses is weighted with
   */
  Result of(Tensor features, Tensor labels, double scale) {
    long rows = features.size(0);
    try (NoGradGuard _ = new NoGradGuard()) {
      Tensor x = features.detach();
      Result whole = new Result(Tensors.empty(Tensors.type(weight), rows), torch.empty_like(x));
      for (long from = 0; from < rows; from += logits.size(0)) {
        long count = Math.min(logits.size(0), rows - from);
        try (PointerScope _ = new PointerScope()) {
          addBlock(
              x.narrow(0, from, count),
              labels.narrow(0, from, count).unsqueeze(1),
              scale,
              new Result(
                  whole.losses.narrow(0, from, count), whole.gradient.narrow(0, from, count)));
        }
      }
      return whole;
    }
  }

  /**
   * One block of b rows.
   *
   * @param x {@code [b, H]}
   * @param wanted {@code [b, 1]}
   */
  private void addBlock(Tensor x, Tensor wanted, double scale, Result into) {
    Tensor narrow = logits.narrow(0, 0, x.size(0)); // [b, V], in the type of products
    Tensor wide = slopes.narrow(0, 0, x.size(0)); // [b, V]
    linear_out(narrow, x, decoder, decoderBias);
    wide.copy_(narrow);
    log_softmax_out(wide, wide, 1);
    Tensor chosen = wide.gather(1, wanted); // [b, 1]
    into.losses.copy_(chosen.squeeze(1)).neg_();
    wide.exp_().scatter_(1, wanted, chosen.exp_().sub_(new Scalar(1.0)));
    wide.mul_(new Scalar(scale));
    if (bias.requires_grad()) {
      gradientOf(bias).add_(wide.sum(0));
    }
    narrow.copy_(wide);
    if (weight.requires_grad()) {
      gradientOf(weight).add_(mm(narrow.t(), x));
    }
    into.gradient.copy_(mm(narrow, decoder));
  }

  private static Tensor gradientOf(Tensor parameter) {
    if (!parameter.grad().defined()) {
      parameter.mutable_grad().put(torch.zeros_like(parameter));
    }
    return parameter.grad();
  }
}
