package io.condenser.training;

import io.condenser.model.Dropout;
import io.condenser.model.Encoder;
import io.condenser.model.Precision;
import io.condenser.model.Weights;
import io.condenser.text.CounterRandom;
import io.condenser.text.TokenBatch;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * The gradient of one fine-tuning batch: softmax negative log-likelihood of each query's positive
 * against its hard negatives and the other queries' passages (DPR §3.2), through the gradient
 * cache.
 */
final class BiEncoderStep {
  private final Encoder queryEncoder;
  private final Encoder passageEncoder;
  private final ContrastiveLoss loss;
  private final Precision precision;
  private final int padId;

  /**
   * A step of a bi-encoder.
   *
   * @param queryEncoder the same object as {@code passageEncoder} where the two are tied
   */
  BiEncoderStep(
      Encoder queryEncoder,
      Encoder passageEncoder,
      ContrastiveLoss loss,
      Precision precision,
      int padId) {
    this.queryEncoder = queryEncoder;
    this.passageEncoder = passageEncoder;
    this.loss = loss;
    this.precision = precision;
    this.padId = padId;
  }

  /**
   * Adds the batch's gradient to that of the parameters.
   *
   * @param chunkTokens tokens, padding counted, whose graphs may be held at once
   * @param dropout where the seeds of the queries' and of the passages' dropout are drawn
   * @return the mean loss over queries
   */
  double accumulate(FinetuningBatch batch, int chunkTokens, CounterRandom dropout) {
    int[] queryLengths = lengths(batch.queries());
    int[] passageLengths = lengths(batch.passages());
    List<int[]> queryPlan = Chunks.byLength(queryLengths, chunkTokens);
    List<int[]> passagePlan = Chunks.byLength(passageLengths, chunkTokens);
    boolean keepGraphs =
        Chunks.tokens(queryLengths, queryPlan) + Chunks.tokens(passageLengths, passagePlan)
            <= chunkTokens;
    try (PointerScope _ = new PointerScope()) {
      Weights passageWeights = Weights.of(passageEncoder.parameters(), precision);
      Weights queryWeights =
          queryEncoder == passageEncoder
              ? passageWeights
              : Weights.of(queryEncoder.parameters(), precision);
      GradientCache<Chunk> queries =
          new GradientCache<>(
              new Tower(queryEncoder, queryWeights, dropout.bits(0)),
              chunks(batch.queries(), queryPlan),
              keepGraphs);
      GradientCache<Chunk> passages =
          new GradientCache<>(
              new Tower(passageEncoder, passageWeights, dropout.bits(1)),
              chunks(batch.passages(), passagePlan),
              keepGraphs);
      ContrastiveLoss.Result result =
          loss.of(queries.represent(), passages.represent(), batch.positives(), batch.excluded());
      queries.backward(result.queries());
      passages.backward(result.passages());
      return result.loss();
    }
  }

  private static int[] lengths(List<int[]> rows) {
    return rows.stream().mapToInt(row -> row.length).toArray();
  }

  private List<Chunk> chunks(List<int[]> rows, List<int[]> plan) {
    return plan.stream()
        .map(part ->
            new Chunk(part, TokenBatch.of(Arrays.stream(part).mapToObj(rows::get).toList(), padId)))
        .toList();
  }

  private record Chunk(int[] rows, TokenBatch batch) {}

  /** One encoder's passes. */
  private record Tower(Encoder encoder, Weights weights, long dropoutSeed)
      implements GradientCache.Encoding<Chunk> {
    @Override
    public int[] rows(Chunk chunk) {
      return chunk.rows();
    }

    @Override
    public Tensor represent(Chunk chunk) {
      return encoder.encode(weights, chunk.batch(), Dropout.of(dropoutSeed, chunk.rows()));
    }

    @Override
    public GradientCache.Pass forward(Chunk chunk) {
      return new GradientCache.Pass(represent(chunk), null);
    }
  }
}
