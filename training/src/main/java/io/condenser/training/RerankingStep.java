package io.condenser.training;

import io.condenser.model.CrossEncoder;
import io.condenser.model.Dropout;
import io.condenser.model.Precision;
import io.condenser.model.Tensors;
import io.condenser.model.Weights;
import io.condenser.text.TokenBatch;
import io.condenser.text.TokenPair;
import io.condenser.training.workers.GradientSum;
import io.condenser.training.workers.Share;
import io.condenser.training.workers.Workers;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The gradient of one batch of a cross-encoder. A loss by row takes each chunk once, in the memory
 * of one chunk; a loss over a query's candidates, which lie in several chunks, goes through the
 * gradient cache.
 */
final class RerankingStep {
  private final CrossEncoder encoder;
  private final RerankingLoss loss;
  private final Precision precision;
  private final int padId;
  private final Workers workers;

  RerankingStep(
      CrossEncoder encoder, RerankingLoss loss, Precision precision, int padId, Workers workers) {
    this.encoder = encoder;
    this.loss = loss;
    this.precision = precision;
    this.padId = padId;
    this.workers = workers;
  }

  /**
   * Sets the parameters' gradient, which was zero, to {@code scale} times the batch's. A query's
   * candidates may be different workers'.
   *
   * @param chunkTokens tokens, padding counted, whose graphs may be held at once
   * @return the mean loss
   */
  double accumulate(RerankingBatch batch, int chunkTokens, long dropoutSeed, double scale) {
    int[] lengths = batch.pairs().stream().mapToInt(TokenPair::length).toArray();
    Share share = workers.share(lengths);
    int[] own = share.own();
    List<Chunks.Chunk> plan =
        Chunks.byLength(
            IntStream.of(own).map(row -> lengths[row]).toArray(),
            chunkTokens,
            encoder.config().maxPositionEmbeddings());
    boolean keepGraphs = Chunks.tokens(plan) <= chunkTokens;
    try (PointerScope _ = new PointerScope()) {
      Weights weights = Weights.of(encoder.parameters(), precision);
      Passes passes = new Passes(weights, batch, own, dropoutSeed, scale);
      GradientCache<Chunks.Chunk> cache = new GradientCache<>(passes, plan, keepGraphs);
      GradientSum gradients = workers.gradients(encoder.parameters().tensors().values());
      if (loss.byRow()) {
        cache.backward(null, gradients::lastBackward);
        gradients.finish();
        return workers.sum(passes.ownLoss)[0];
      }
      Tensor logits = cache.represent(); // [own, 1]
      RerankingLoss.Result result =
          loss.of(inBatchOrder(logits, share), batch.relevant(), batch.queries());
      double[] gradient = IntStream.of(own).mapToDouble(row -> result.gradient()[row]).toArray();
      cache.backward(tensor(gradient, scale, Tensors.type(logits)), gradients::lastBackward);
      gradients.finish();
      return result.loss();
    }
  }

  /** {@code [B]}: the logits of all workers. */
  private double[] inBatchOrder(Tensor own, Share share) {
    double[] gathered = Tensors.doubles(workers.gather(own, share));
    return IntStream.of(share.places()).mapToDouble(place -> gathered[place]).toArray();
  }

  /** {@code [B, 1]}: each value times {@code scale}. */
  private static Tensor tensor(double[] values, double scale, ScalarType type) {
    double[] scaled = Arrays.stream(values).map(value -> scale * value).toArray();
    return Tensors.numbers(scaled).view(-1, 1).to(type);
  }

  /** The model's passes over the chunks of this worker's share. */
  private final class Passes implements GradientCache.Encoding<Chunks.Chunk> {
    private final Weights weights;
    private final RerankingBatch batch;
    private final int[] own; // rows of the batch
    private final long dropoutSeed;
    private final double scale;
    private double ownLoss; // of the chunks so far, where it is by row

    Passes(Weights weights, RerankingBatch batch, int[] own, long dropoutSeed, double scale) {
      this.weights = weights;
      this.batch = batch;
      this.own = own;
      this.dropoutSeed = dropoutSeed;
      this.scale = scale;
    }

    @Override
    public int[] rows(Chunks.Chunk chunk) {
      return chunk.rows();
    }

    /** {@code [rows, 1]} logits. */
    @Override
    public Tensor represent(Chunks.Chunk chunk) {
      int[] rows = batchRows(chunk);
      List<TokenPair> pairs = Arrays.stream(rows).mapToObj(batch.pairs()::get).toList();
      return encoder
          .score(
              weights,
              TokenBatch.ofPairs(pairs, padId, chunk.length()),
              Dropout.of(dropoutSeed, rows))
          .unsqueeze(1);
    }

    private int[] batchRows(Chunks.Chunk chunk) {
      return IntStream.of(chunk.rows()).map(row -> own[row]).toArray();
    }

    @Override
    public GradientCache.Pass forward(Chunks.Chunk chunk) {
      Tensor logits = represent(chunk);
      return new GradientCache.Pass(
          logits, loss.byRow() ? () -> surrogate(batchRows(chunk), logits) : null);
    }

    /** A scalar whose gradient is that of these rows' share of the batch's scaled mean loss. */
    private Tensor surrogate(int[] rows, Tensor logits) {
      boolean[] relevant = new boolean[rows.length];
      IntStream.range(0, rows.length).forEach(i -> relevant[i] = batch.relevant()[rows[i]]);
      int[] queries = IntStream.of(rows).map(row -> batch.queries()[row]).toArray();
      RerankingLoss.Result result = loss.of(Tensors.doubles(logits), relevant, queries);
      double share = (double) rows.length / batch.pairs().size();
      ownLoss += share * result.loss();
      return logits.mul(tensor(result.gradient(), scale * share, Tensors.type(logits))).sum();
    }
  }
}
