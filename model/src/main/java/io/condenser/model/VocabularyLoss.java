package io.condenser.model;

import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.log_softmax;
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
  /** Logits held at once; 128 MB of float32. */
  private static final long BLOCK_LOGITS = 1L << 25;

  private final Tensor weight;
  private final Tensor bias;
  private final Tensor decoder;
  private final TensorOptional decoderBias;

  private VocabularyLoss(Tensor weight, Tensor bias, ScalarType type) {
    this.weight = weight;
    this.bias = bias;
    decoder = weight.detach().to(type);
    decoderBias = new TensorOptional(bias.detach().to(type));
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
   * @param features {@code [M, H]}, of which no graph is used; products are computed in their type
   * @param labels {@code [M]} the words that were wanted
   * @param weight {@code [V, H]} the decoder's
   * @param bias {@code [V]} the decoder's
   * @param scale what the sum of the losses is weighted with
   */
  static Result of(Tensor features, Tensor labels, Tensor weight, Tensor bias, double scale) {
    try (NoGradGuard _ = new NoGradGuard()) {
      return new VocabularyLoss(weight, bias, Tensors.type(features))
          .of(features.detach(), labels, scale);
    }
  }

  private Result of(Tensor x, Tensor labels, double scale) {
    long rows = x.size(0);
    long block = Math.max(1, BLOCK_LOGITS / weight.size(0));
    ScalarType wide = Tensors.type(weight);
    Result whole = new Result(Tensors.empty(wide, rows), torch.empty_like(x));
    for (long from = 0; from < rows; from += block) {
      long count = Math.min(block, rows - from);
      try (PointerScope _ = new PointerScope()) {
        addBlock(
            x.narrow(0, from, count),
            labels.narrow(0, from, count).unsqueeze(1),
            scale,
            new Result(whole.losses.narrow(0, from, count), whole.gradient.narrow(0, from, count)));
      }
    }
    return whole;
  }

  /**
   * One block of b rows.
   *
   * @param x {@code [b, H]}
   * @param wanted {@code [b, 1]}
   */
  private void addBlock(Tensor x, Tensor wanted, double scale, Result into) {
    Tensor logits = linear(x, decoder, decoderBias).to(Tensors.type(weight)); // [b, V]
    Tensor slope = log_softmax(logits, 1);
    Tensor chosen = slope.gather(1, wanted); // [b, 1]
    into.losses.copy_(chosen.squeeze(1)).neg_();
    slope.exp_().scatter_(1, wanted, chosen.exp_().sub_(new Scalar(1.0)));
    slope.mul_(new Scalar(scale));
    if (bias.requires_grad()) {
      gradientOf(bias).add_(slope.sum(0));
    }
    Tensor narrow = slope.to(Tensors.type(x));
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
