package io.condenser.training;

import io.condenser.model.Dropout;
import io.condenser.model.Precision;
import io.condenser.model.PretrainingModel;
import io.condenser.model.Weights;
import io.condenser.text.MaskedBatch;
import io.condenser.text.MaskedRow;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of one pre-training batch: L = mean over rows of L_co + mean over all masked
 * positions of the batch of the MLM losses (coCondenser eq. 7), the same whatever the chunking.
 */
final class PretrainingStep {
  /**
   * Losses of a batch.
   *
   * @param lateMlm mean over masked positions, the backbone's own
   * @param headMlm the same through the Condenser head; NaN without one
   * @param contrastive mean over rows; NaN without it
   */
  record Losses(double lateMlm, double headMlm, double contrastive) {
    double total() {
      return lateMlm
          + (Double.isNaN(headMlm) ? 0 : headMlm)
          + (Double.isNaN(contrastive) ? 0 : contrastive);
    }
  }

  private final PretrainingModel model;
  private final @Nullable ContrastiveLoss contrastive;
  private final Precision precision;
  private final int padId;

  /**
   * A step of a model.
   *
   * @param contrastive the loss over spans, for batches in which rows 2i and 2i+1 are spans of one
   *     document; null for MLM and Condenser
   */
  PretrainingStep(
      PretrainingModel model,
      @Nullable ContrastiveLoss contrastive,
      Precision precision,
      int padId) {
    this.model = model;
    this.contrastive = contrastive;
    this.precision = precision;
    this.padId = padId;
  }

  /**
   * Adds the batch's gradient to that of the parameters.
   *
   * @param chunkTokens tokens, padding counted, whose graphs may be held at once
   * @param dropoutSeed of the step's dropout
   */
  Losses accumulate(List<MaskedRow> batch, int chunkTokens, long dropoutSeed) {
    int[] lengths = batch.stream().mapToInt(row -> row.ids().length).toArray();
    List<int[]> plan = Chunks.byLength(lengths, chunkTokens);
    boolean fits = Chunks.tokens(lengths, plan) <= chunkTokens;
    List<Chunk> chunks = plan.stream().map(rows -> new Chunk(rows, masked(batch, rows))).toList();
    int masked = batch.stream().mapToInt(row -> row.labels().length).sum();
    try (PointerScope _ = new PointerScope()) {
      Weights weights = Weights.of(model.parameters(), precision);
      Forward forward = new Forward(weights, masked, dropoutSeed);
      GradientCache<Chunk> cache = new GradientCache<>(forward, chunks, fits);
      if (contrastive == null) {
        cache.backward(null);
        return forward.losses(Double.NaN);
      }
      ContrastiveLoss.Result spans = contrastive.spans(cache.represent());
      cache.backward(spans.queries());
      return forward.losses(spans.loss());
    }
  }

  private MaskedBatch masked(List<MaskedRow> batch, int[] rows) {
    return MaskedBatch.of(Arrays.stream(rows).mapToObj(batch::get).toList(), padId);
  }

  private record Chunk(int[] rows, MaskedBatch batch) {}

  /** The passes over chunks, and the sums of their losses. */
  private final class Forward implements GradientCache.Encoding<Chunk> {
    private final Weights weights;
    private final int masked;
    private final long dropoutSeed;
    private double late;
    private double head;

    Forward(Weights weights, int masked, long dropoutSeed) {
      this.weights = weights;
      this.masked = masked;
      this.dropoutSeed = dropoutSeed;
    }

    @Override
    public int[] rows(Chunk chunk) {
      return chunk.rows();
    }

    @Override
    public Tensor represent(Chunk chunk) {
      return model.represent(weights, chunk.batch().tokens(), dropout(chunk));
    }

    @Override
    public GradientCache.Pass forward(Chunk chunk) {
      PretrainingModel.Output output =
          model.forward(weights, chunk.batch(), 1.0 / masked, dropout(chunk));
      late += output.lateMlm();
      head += output.headMlm();
      return new GradientCache.Pass(output.vectors(), output.surrogate());
    }

    private Dropout dropout(Chunk chunk) {
      return Dropout.of(dropoutSeed, chunk.rows());
    }

    Losses losses(double spans) {
      return new Losses(late / masked, head / masked, spans);
    }
  }
}
