package io.condenser.training;

import io.condenser.model.Dropout;
import io.condenser.model.Encoder;
import io.condenser.model.Precision;
import io.condenser.model.Weights;
import io.condenser.text.CounterRandom;
import io.condenser.text.TokenBatch;
import io.condenser.training.workers.GradientSum;
import io.condenser.training.workers.Share;
import io.condenser.training.workers.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The gradient of one fine-tuning batch: softmax negative log-likelihood of each query's positive
 * against its hard negatives and the other queries' passages (DPR §3.2), and what a teacher says of
 * its candidates, through the gradient cache.
 */
final class BiEncoderStep {
  private final Encoder queryEncoder;
  private final Encoder passageEncoder;
  private final BiEncoderLoss loss;
  private final Precision precision;
  private final int padId;
  private final Workers workers;

  /**
   * A step of a bi-encoder.
   *
   * @param queryEncoder the same object as {@code passageEncoder} where the two are tied
   * @param workers who share each batch
   */
  BiEncoderStep(
      Encoder queryEncoder,
      Encoder passageEncoder,
      BiEncoderLoss loss,
      Precision precision,
      int padId,
      Workers workers) {
    this.queryEncoder = queryEncoder;
    this.passageEncoder = passageEncoder;
    this.loss = loss;
    this.precision = precision;
    this.padId = padId;
    this.workers = workers;
  }

  /**
   * Sets the parameters' gradient, which was zero, to {@code scale} times the batch's. Every query
   * is compared with the passages of all workers (cross-batch negatives, RocketQA §3.2).
   *
   * @param chunkTokens tokens, padding counted, whose graphs may be held at once
   * @param dropout where the seeds of the queries' and of the passages' dropout are drawn
   * @return means over queries
   */
  BiEncoderLoss.Losses accumulate(
      FinetuningBatch batch, int chunkTokens, CounterRandom dropout, double scale) {
    Share queryShare = workers.share(lengths(batch.queries()));
    Share passageShare = workers.share(lengths(batch.passages()));
    List<Part> queryParts = parts(batch.queries(), queryShare, queryEncoder, chunkTokens);
    List<Part> passageParts = parts(batch.passages(), passageShare, passageEncoder, chunkTokens);
    boolean keepGraphs = tokens(queryParts) + tokens(passageParts) <= chunkTokens;
    try (PointerScope _ = new PointerScope()) {
      Weights passageWeights = Weights.of(passageEncoder.parameters(), precision);
      Weights queryWeights =
          queryEncoder == passageEncoder
              ? passageWeights
              : Weights.of(queryEncoder.parameters(), precision);
      GradientCache<Part> queries =
          new GradientCache<>(
              new Tower(queryEncoder, queryWeights, dropout.bits(0)), queryParts, keepGraphs);
      GradientCache<Part> passages =
          new GradientCache<>(
              new Tower(passageEncoder, passageWeights, dropout.bits(1)), passageParts, keepGraphs);
      GradientSum gradients = workers.gradients(parameters());
      BiEncoderLoss.Result result =
          loss.of(
              queries.represent(),
              workers.gather(passages.represent(), passageShare),
              batch.of(queryShare, passageShare));
      double part = queryShare.size() / (double) queryShare.rows(); // means become the batch's
      result.queries().mul_(new Scalar(scale * part));
      result.passages().mul_(new Scalar(scale * part));
      workers.sum(result.passages());
      queries.backward(result.queries(), () -> {});
      passages.backward(
          result.passages().narrow(0, passageShare.from(), passageShare.size()),
          gradients::lastBackward);
      gradients.finish();
      return sum(result.losses(), part);
    }
  }

  private BiEncoderLoss.Losses sum(BiEncoderLoss.Losses own, double part) {
    double[] sums =
        workers.sum(part * own.total(), part * own.contrastive(), part * own.distillation());
    return new BiEncoderLoss.Losses(sums[0], sums[1], sums[2]);
  }

  /** Those whose gradients the last backward pass completes stand last. */
  private List<Tensor> parameters() {
    List<Tensor> all = new ArrayList<>();
    if (queryEncoder != passageEncoder) {
      all.addAll(queryEncoder.parameters().tensors().values());
    }
    all.addAll(passageEncoder.parameters().tensors().values());
    return all;
  }

  private static int[] lengths(List<int[]> rows) {
    return rows.stream().mapToInt(row -> row.length).toArray();
  }

  private List<Part> parts(List<int[]> batch, Share share, Encoder encoder, int chunkTokens) {
    int[] own = share.own();
    List<int[]> rows = Arrays.stream(own).mapToObj(batch::get).toList();
    return Chunks.byLength(lengths(rows), chunkTokens, encoder.config().maxPositionEmbeddings())
        .stream()
        .map(chunk -> {
          List<int[]> texts = Arrays.stream(chunk.rows()).mapToObj(rows::get).toList();
          int[] batchRows = Arrays.stream(chunk.rows()).map(row -> own[row]).toArray();
          return new Part(chunk, batchRows, TokenBatch.of(texts, padId, chunk.length()));
        })
        .toList();
  }

  private static long tokens(List<Part> parts) {
    return Chunks.tokens(parts.stream().map(Part::chunk).toList());
  }

  /**
   * Rows that go through an encoder together.
   *
   * @param chunk places of its rows among this worker's
   * @param batchRows their places in the whole batch
   */
  private record Part(Chunks.Chunk chunk, int[] batchRows, TokenBatch batch) {}

  /** One encoder's passes. */
  private record Tower(Encoder encoder, Weights weights, long dropoutSeed)
      implements GradientCache.Encoding<Part> {
    @Override
    public int[] rows(Part part) {
      return part.chunk().rows();
    }

    @Override
    public Tensor represent(Part part) {
      return encoder.encode(weights, part.batch(), Dropout.of(dropoutSeed, part.batchRows()));
    }

    @Override
    public GradientCache.Pass forward(Part part) {
      return new GradientCache.Pass(represent(part), null);
    }
  }
}
