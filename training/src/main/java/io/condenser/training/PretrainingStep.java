package io.condenser.training;

import io.condenser.model.Dropout;
import io.condenser.model.Precision;
import io.condenser.model.PretrainingModel;
import io.condenser.model.Weights;
import io.condenser.text.MaskedBatch;
import io.condenser.text.MaskedRow;
import io.condenser.training.workers.GradientSum;
import io.condenser.training.workers.Share;
import io.condenser.training.workers.Workers;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
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
  private final Workers workers;

  /**
   * A step of a model.
   *
   * @param contrastive the loss over spans, for batches in which rows 2i and 2i+1 are spans of one
   *     document; null for MLM and Condenser
   * @param workers who share each batch
   */
  PretrainingStep(
      PretrainingModel model,
      @Nullable ContrastiveLoss contrastive,
      Precision precision,
      int padId,
      Workers workers) {
    this.model = model;
    this.contrastive = contrastive;
    this.precision = precision;
    this.padId = padId;
    this.workers = workers;
  }

  /**
   * Sets the parameters' gradient, which was zero, to {@code scale} times the batch's.
   *
   * @param chunkTokens tokens, padding counted, whose graphs may be held at once
   * @param dropoutSeed of the step's dropout
   */
  Losses accumulate(List<MaskedRow> batch, int chunkTokens, long dropoutSeed, double scale) {
    Share share = workers.share(lengths(batch));
    int[] own = share.own();
    List<MaskedRow> rows = Arrays.stream(own).mapToObj(batch::get).toList();
    List<Chunks.Chunk> plan =
        Chunks.byLength(lengths(rows), chunkTokens, model.config().maxPositionEmbeddings());
    boolean fits = Chunks.tokens(plan) <= chunkTokens;
    List<Part> parts = plan.stream().map(chunk -> part(rows, own, chunk)).toList();
    int masked = batch.stream().mapToInt(row -> row.labels().length).sum();
    try (PointerScope _ = new PointerScope()) {
      Weights weights = Weights.withDecoder(model.parameters(), precision);
      Forward forward = new Forward(weights, masked, dropoutSeed, scale);
      GradientCache<Part> cache = new GradientCache<>(forward, parts, fits);
      GradientSum gradients = workers.gradients(model.byDepth());
      double spans = backward(cache, share, gradients, scale);
      gradients.finish();
      return forward.losses(spans);
    }
  }

  /** Returns this worker's part of the loss over spans; NaN without it. */
  private double backward(
      GradientCache<Part> cache, Share share, GradientSum gradients, double scale) {
    if (contrastive == null) {
      cache.backward(null, gradients::lastBackward);
      return Double.NaN;
    }
    Tensor cls = workers.gather(cache.represent(), share);
    ContrastiveLoss.Result spans = contrastive.spans(cls, share);
    spans.queries().mul_(new Scalar(scale));
    workers.sum(spans.queries());
    cache.backward(spans.queries().narrow(0, share.from(), share.size()), gradients::lastBackward);
    return spans.loss();
  }

  private static int[] lengths(List<MaskedRow> rows) {
    return rows.stream().mapToInt(row -> row.ids().length).toArray();
  }

  private static Part part(List<MaskedRow> rows, int[] own, Chunks.Chunk chunk) {
    return new Part(
        Arrays.stream(chunk.rows()).mapToObj(rows::get).toList(),
        chunk.rows(),
        Arrays.stream(chunk.rows()).map(row -> own[row]).toArray(),
        chunk.length());
  }

  /**
   * A chunk, padded only when its turn comes: a batch of many chunks is not held twice.
   *
   * @param texts its rows
   * @param rows their places among this worker's
   * @param batchRows their places in the whole batch
   * @param length L, what they are padded to
   */
  private record Part(List<MaskedRow> texts, int[] rows, int[] batchRows, int length) {
    MaskedBatch padded(int padId) {
      return MaskedBatch.of(texts, padId, length);
    }
  }

  /** The passes over chunks, and the sums of their losses. */
  private final class Forward implements GradientCache.Encoding<Part> {
    private final Weights weights;
    private final int masked;
    private final long dropoutSeed;
    private final double scale;
    private double late;
    private double head;

    Forward(Weights weights, int masked, long dropoutSeed, double scale) {
      this.weights = weights;
      this.masked = masked;
      this.dropoutSeed = dropoutSeed;
      this.scale = scale;
    }

    @Override
    public int[] rows(Part part) {
      return part.rows();
    }

    @Override
    public Tensor represent(Part part) {
      return model.represent(weights, part.padded(padId).tokens(), dropout(part));
    }

    @Override
    public GradientCache.Pass forward(Part part) {
      PretrainingModel.Pass pass = model.forward(weights, part.padded(padId), dropout(part));
      return new GradientCache.Pass(pass.vectors(), () -> loss(pass));
    }

    private Tensor loss(PretrainingModel.Pass pass) {
      PretrainingModel.Losses losses = pass.losses(scale / masked);
      late += losses.lateMlm();
      head += losses.headMlm();
      return losses.surrogate();
    }

    private Dropout dropout(Part part) {
      return Dropout.of(dropoutSeed, part.batchRows());
    }

    /** The whole batch's losses, of which this worker has a part. */
    Losses losses(double spans) {
      double[] sums = workers.sum(late, head, spans);
      return new Losses(sums[0] / masked, sums[1] / masked, sums[2]);
    }
  }
}
