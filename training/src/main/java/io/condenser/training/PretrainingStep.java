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
    List<Chunks.Chunk> plan =
        Chunks.byLength(lengths, chunkTokens, model.config().maxPositionEmbeddings());
    boolean fits = Chunks.tokens(plan) <= chunkTokens;
    List<Part> parts =
        plan.stream().map(chunk -> new Part(chunk.rows(), masked(batch, chunk))).toList();
    int masked = batch.stream().mapToInt(row -> row.labels().length).sum();
    try (PointerScope _ = new PointerScope()) {
      Weights weights = Weights.withDecoder(model.parameters(), precision);
      Forward forward = new Forward(weights, masked, dropoutSeed);
      GradientCache<Part> cache = new GradientCache<>(forward, parts, fits);
      if (contrastive == null) {
        cache.backward(null);
        return forward.losses(Double.NaN);
      }
      ContrastiveLoss.Result spans = contrastive.spans(cache.represent());
      cache.backward(spans.queries());
      return forward.losses(spans.loss());
    }
  }

  private MaskedBatch masked(List<MaskedRow> batch, Chunks.Chunk chunk) {
    List<MaskedRow> rows = Arrays.stream(chunk.rows()).mapToObj(batch::get).toList();
    return MaskedBatch.of(rows, padId, chunk.length());
  }

  private record Part(int[] rows, MaskedBatch batch) {}

  /** The passes over chunks, and the sums of their losses. */
  private final class Forward implements GradientCache.Encoding<Part> {
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
    public int[] rows(Part part) {
      return part.rows();
    }

    @Override
    public Tensor represent(Part part) {
      return model.represent(weights, part.batch().tokens(), dropout(part));
    }

    @Override
    public GradientCache.Pass forward(Part part) {
      PretrainingModel.Pass pass = model.forward(weights, part.batch(), dropout(part));
      return new GradientCache.Pass(pass.vectors(), () -> loss(pass));
    }

    private Tensor loss(PretrainingModel.Pass pass) {
      PretrainingModel.Losses losses = pass.losses(1.0 / masked);
      late += losses.lateMlm();
      head += losses.headMlm();
      return losses.surrogate();
    }

    private Dropout dropout(Part part) {
      return Dropout.of(dropoutSeed, part.rows());
    }

    Losses losses(double spans) {
      return new Losses(late / masked, head / masked, spans);
    }
  }
}
