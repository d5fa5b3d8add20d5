package io.condenser.training;

import static org.bytedeco.pytorch.global.torch.logsumexp;
import static org.bytedeco.pytorch.global.torch.mm;

import io.condenser.model.Tensors;
import io.condenser.training.workers.Share;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Softmax negative log-likelihood over inner products, with its gradients in closed form:
 *
 * <p>L = 1/Q Σ_i −log exp(⟨q_i, p_t(i)⟩ / τ) / Σ_{j not excluded for i} exp(⟨q_i, p_j⟩ / τ)
 *
 * <p>coCondenser's loss over spans (eq. 6) and the bi-encoder's loss with in-batch negatives (DPR
 * eq. 2) are this one. It is computed in blocks of rows without a graph, so its memory stays
 * bounded however large the batch is.
 */
public final class ContrastiveLoss {
  /** Scores held at once; 16 MB of float32. */
  private static final long BLOCK_SCORES = 1L << 22;

  private final double temperature;
  private final long blockScores;

  /**
   * The loss at a temperature.
   *
   * @param temperature τ &gt; 0; the papers' is 1
   */
  public ContrastiveLoss(double temperature) {
    this(temperature, BLOCK_SCORES);
  }

  ContrastiveLoss(double temperature, long blockScores) {
    if (!(temperature > 0)) {
      throw new IllegalArgumentException("temperature " + temperature + " is not above 0");
    }
    this.temperature = temperature;
    this.blockScores = blockScores;
  }

  /**
   * The loss and what it asks of the vectors.
   *
   * @param loss the mean over queries
   * @param queries {@code [Q, H]} gradient with respect to the queries
   * @param passages {@code [P, H]} gradient with respect to the passages
   */
  public record Result(double loss, Tensor queries, Tensor passages) {}

  /**
   * coCondenser's loss over spans: rows 2i and 2i+1 are spans of one document, every other row is a
   * negative, a row itself is left out of its softmax.
   *
   * @param cls {@code [2n, H]}
   * @return the mean loss and the gradient {@code [2n, H]}, under {@code queries}; {@code passages}
   *     is the same
   */
  public Result spans(Tensor cls) {
    return spans(cls, Share.whole(Math.toIntExact(cls.size(0))));
  }

  /**
   * One worker's part of the same: its rows as queries against all rows. The sum of all workers'
   * parts is the whole.
   *
   * @param cls {@code [2n, H]} in the order of the share
   */
  Result spans(Tensor cls, Share share) {
    int[] own = share.own();
    int[] places = share.places();
    int from = share.from();
    int[] partner = Arrays.stream(own).map(row -> places[row ^ 1]).toArray();
    int[][] self =
        IntStream.range(from, from + own.length)
            .mapToObj(place -> new int[] {place})
            .toArray(int[][]::new);
    Tensor gradient = torch.zeros_like(cls); // of a row as query and as passage
    Tensor queries = cls.narrow(0, from, own.length);
    Tensor queryGradient = gradient.narrow(0, from, own.length);
    double loss = of(queries, cls, partner, self, share.rows(), queryGradient, gradient);
    return new Result(loss, gradient, gradient);
  }

  /**
   * The loss of queries against passages.
   *
   * @param queries {@code [Q, H]}, without a graph
   * @param passages {@code [P, H]}, without a graph
   * @param positives {@code [Q]} the row of each query's positive passage
   * @param excluded {@code [Q][]} rows of passages left out of each query's softmax
   */
  public Result of(Tensor queries, Tensor passages, int[] positives, int[][] excluded) {
    Tensor queryGradient = torch.zeros_like(queries);
    Tensor passageGradient = torch.zeros_like(passages);
    int count = positives.length;
    double loss = of(queries, passages, positives, excluded, count, queryGradient, passageGradient);
    return new Result(loss, queryGradient, passageGradient);
  }

  /** The loss; adds to both gradients. */
  private double of(
      Tensor queries,
      Tensor passages,
      int[] positives,
      int[][] excluded,
      int count,
      Tensor queryGradient,
      Tensor passageGradient) {
    int own = positives.length;
    int block = Math.clamp(blockScores / Math.max(1, passages.size(0)), 1, own);
    double sum = 0;
    for (int from = 0; from < own; from += block) {
      int to = Math.min(own, from + block);
      try (PointerScope _ = new PointerScope();
          NoGradGuard _ = new NoGradGuard()) {
        Tensor rows = queries.narrow(0, from, to - from); // [b, H]
        Tensor scores = scores(rows, passages, excluded, from); // [b, P]
        Tensor normalizer = logsumexp(scores, 1); // [b]
        Tensor targets = positives(positives, from, to); // [b, 1]
        sum += normalizer.sub(scores.gather(1, targets).squeeze(1)).sum().item_double();
        Tensor slope = scores.sub_(normalizer.unsqueeze(1)).exp_(); // softmax, [b, P]
        slope.scatter_add_(
            1, targets, torch.full_like(targets.to(Tensors.type(slope)), new Scalar(-1.0)));
        slope.mul_(new Scalar(1 / (count * temperature)));
        queryGradient.narrow(0, from, to - from).addmm_(slope, passages);
        passageGradient.addmm_(slope.t(), rows);
      }
    }
    return sum / count;
  }

  private Tensor scores(Tensor rows, Tensor passages, int[][] excluded, int from) {
    Tensor scores = mm(rows, passages.t());
    if (temperature != 1) {
      scores.mul_(new Scalar(1 / temperature));
    }
    int count = Math.toIntExact(rows.size(0));
    int left = IntStream.range(from, from + count).map(row -> excluded[row].length).sum();
    if (left > 0) {
      int[] flat = new int[left];
      int at = 0;
      int width = Math.toIntExact(passages.size(0));
      for (int row = 0; row < count; row++) {
        for (int column : excluded[from + row]) {
          flat[at++] = row * width + column;
        }
      }
      scores
          .view(-1)
          .index_fill_(0, Tensors.integers(flat, left), new Scalar(Double.NEGATIVE_INFINITY));
    }
    return scores;
  }

  private static Tensor positives(int[] positives, int from, int to) {
    return Tensors.integers(Arrays.copyOfRange(positives, from, to), to - from, 1);
  }
}
