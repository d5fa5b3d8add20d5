package io.condenser.training;

import io.condenser.model.Tensors;
import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * How far a student's scores are from a teacher's over each query's list of passages, with the
 * gradients in closed form. Of query i and passage j of its list, the first being its positive, the
 * student's score is s_ij = ⟨q_i, p_j⟩ / τ, the teacher's t_ij = logit / T; n_i passages, Q
 * queries.
 *
 * <ul>
 *   <li>KL divergence of the distributions P_i = softmax(t_i) and S_i = softmax(s_i):
 *       <p>L = 1/Q Σ_i Σ_j P_ij (log P_ij − log S_ij), ∂L/∂s_ij = (S_ij − P_ij) / Q
 *   <li>Margin-MSE (Hofstätter et al. 2020, arXiv 2010.02666, eq. 6), with d_ij = (s_i1 − s_ij) −
 *       (t_i1 − t_ij):
 *       <p>L = 1/Q Σ_i 1/(n_i − 1) Σ_{j>1} d_ij², ∂L/∂s_ij = −2 d_ij / (Q (n_i − 1)), ∂L/∂s_i1 = −
 *       Σ_{j>1} ∂L/∂s_ij
 * </ul>
 *
 * A query without a list adds nothing to the sum, and counts in Q all the same.
 */
public final class DistillationLoss {
  private final Distillation.Objective objective;
  private final double temperature;
  private final double teacherTemperature;

  /**
   * The loss of an objective.
   *
   * @param objective not none
   * @param temperature τ &gt; 0 of the student's scores
   * @param teacherTemperature T &gt; 0
   */
  public DistillationLoss(
      Distillation.Objective objective, double temperature, double teacherTemperature) {
    if (objective == Distillation.Objective.NONE) {
      throw new IllegalArgumentException("there is nothing to learn from no teacher");
    }
    this.objective = objective;
    this.temperature = temperature;
    this.teacherTemperature = teacherTemperature;
  }

  /**
   * The lists of a batch's queries.
   *
   * @param rows {@code [Q][n_i]} rows of passages, the positive first; of 0, or 2 and more
   * @param logits {@code [Q][n_i]} the teacher's
   */
  record Lists(int[][] rows, double[][] logits) {
    /** n of the longest. */
    private int longest() {
      return Arrays.stream(rows).mapToInt(row -> row.length).max().orElse(0);
    }
  }

  /**
   * The loss, and what it asks of the vectors. The passages of all lists are held once more.
   *
   * @param queries {@code [Q, H]}, without a graph
   * @param passages {@code [P, H]}, without a graph
   */
  ContrastiveLoss.Result of(Tensor queries, Tensor passages, Lists lists) {
    Tensor queryGradient = torch.zeros_like(queries);
    Tensor passageGradient = torch.zeros_like(passages);
    int longest = lists.longest();
    if (longest == 0) {
      return new ContrastiveLoss.Result(0, queryGradient, passageGradient);
    }
    int count = lists.rows().length;
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      Tensor rows = padded(lists.rows(), longest); // [Q · n]
      Tensor listed =
          passages.index_select(0, rows).view(count, longest, passages.size(1)); // [Q, n, H]
      double[] scores = Tensors.doubles(listed.bmm(queries.unsqueeze(2))); // [Q · n]
      double[] slopes = new double[scores.length]; // with respect to ⟨q, p⟩; 0 where padded
      double loss = 0;
      for (int query = 0; query < count; query++) {
        loss += add(lists.logits()[query], scores, slopes, query * longest, count);
      }
      Tensor slope =
          Tensors.numbers(slopes).view(count, longest, 1).to(Tensors.type(queries)); // [Q, n, 1]
      queryGradient.add_(slope.mul(listed).sum(1));
      passageGradient.index_add_(
          0, rows, slope.mul(queries.unsqueeze(1)).view(-1, queries.size(1)));
      return new ContrastiveLoss.Result(loss / count, queryGradient, passageGradient);
    }
  }

  /** {@code [Q · n]} rows, lists filled up with row 0. */
  private static Tensor padded(int[][] lists, int longest) {
    int[] flat = new int[lists.length * longest];
    for (int query = 0; query < lists.length; query++) {
      System.arraycopy(lists[query], 0, flat, query * longest, lists[query].length);
    }
    return Tensors.integers(flat, flat.length);
  }

  /**
   * One query's loss, which is not yet divided by Q; writes its slopes, which are.
   *
   * @param from where the query's scores and slopes begin
   * @param count Q
   */
  private double add(double[] logits, double[] products, double[] slopes, int from, int count) {
    double[] teacher = Arrays.stream(logits).map(logit -> logit / teacherTemperature).toArray();
    double[] student =
        Arrays.stream(products, from, from + logits.length)
            .map(product -> product / temperature)
            .toArray();
    double[] slope = new double[logits.length];
    double loss =
        switch (objective) {
          case KL -> divergence(teacher, student, slope);
          case MARGIN_MSE -> marginError(teacher, student, slope);
          case NONE -> throw new IllegalStateException("refused when made");
        };
    for (int j = 0; j < slope.length; j++) {
      slopes[from + j] = slope[j] / (count * temperature);
    }
    return loss;
  }

  private static double divergence(double[] teacher, double[] student, double[] slope) {
    double teacherNormalizer = logSumExp(teacher);
    double studentNormalizer = logSumExp(student);
    double loss = 0;
    for (int j = 0; j < slope.length; j++) {
      double p = teacher[j] - teacherNormalizer; // log P
      double s = student[j] - studentNormalizer; // log S
      loss += Math.exp(p) * (p - s);
      slope[j] = Math.exp(s) - Math.exp(p);
    }
    return loss;
  }

  private static double marginError(double[] teacher, double[] student, double[] slope) {
    double loss = 0;
    int margins = slope.length - 1;
    for (int j = 1; j < slope.length; j++) {
      double difference = (student[0] - student[j]) - (teacher[0] - teacher[j]);
      loss += difference * difference / margins;
      slope[j] = -2 * difference / margins;
      slope[0] -= slope[j];
    }
    return loss;
  }

  private static double logSumExp(double[] values) {
    double largest = Arrays.stream(values).max().orElse(Double.NEGATIVE_INFINITY);
    return largest + Math.log(Arrays.stream(values).map(v -> Math.exp(v - largest)).sum());
  }
}
