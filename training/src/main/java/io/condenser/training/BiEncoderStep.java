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
 * against its hard negatives and the other queries' passages (DPR §3.2), and what a teacher says of
 * its candidates, through the gradient cache.
 */
final class BiEncoderStep {
  private final Encoder queryEncoder;
  private final Encoder passageEncoder;
  private final BiEncoderLoss loss;
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
      BiEncoderLoss loss,
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
   * @return means over queries
   */
  BiEncoderLoss.Losses accumulate(FinetuningBatch batch, int chunkTokens, CounterRandom dropout) {
    List<Chunks.Chunk> queryPlan = plan(batch.queries(), queryEncoder, chunkTokens);
    List<Chunks.Chunk> passagePlan = plan(batch.passages(), passageEncoder, chunkTokens);
    boolean keepGraphs = Chunks.tokens(queryPlan) + Chunks.tokens(passagePlan) <= chunkTokens;
    try (PointerScope _ = new PointerScope()) {
      Weights passageWeights = Weights.of(passageEncoder.parameters(), precision);
      Weights queryWeights =
          queryEncoder == passageEncoder
              ? passageWeights
              : Weights.of(queryEncoder.parameters(), precision);
      GradientCache<Part> queries =
          new GradientCache<>(
              new Tower(queryEncoder, queryWeights, dropout.bits(0)),
              parts(batch.queries(), queryPlan),
              keepGraphs);
      GradientCache<Part> passages =
          new GradientCache<>(
              new Tower(passageEncoder, passageWeights, dropout.bits(1)),
              parts(batch.passages(), passagePlan),
              keepGraphs);
      BiEncoderLoss.Result result = loss.of(queries.represent(), passages.represent(), batch);
      queries.backward(result.queries());
      passages.backward(result.passages());
      return result.losses();
    }
  }

  private static List<Chunks.Chunk> plan(List<int[]> rows, Encoder encoder, int chunkTokens) {
    int[] lengths = rows.stream().mapToInt(row -> row.length).toArray();
    return Chunks.byLength(lengths, chunkTokens, encoder.config().maxPositionEmbeddings());
  }

  private List<Part> parts(List<int[]> rows, List<Chunks.Chunk> plan) {
    return plan.stream()
        .map(chunk -> {
          List<int[]> texts = Arrays.stream(chunk.rows()).mapToObj(rows::get).toList();
          return new Part(chunk.rows(), TokenBatch.of(texts, padId, chunk.length()));
        })
        .toList();
  }

  private record Part(int[] rows, TokenBatch batch) {}

  /** One encoder's passes. */
  private record Tower(Encoder encoder, Weights weights, long dropoutSeed)
      implements GradientCache.Encoding<Part> {
    @Override
    public int[] rows(Part part) {
      return part.rows();
    }

    @Override
    public Tensor represent(Part part) {
      return encoder.encode(weights, part.batch(), Dropout.of(dropoutSeed, part.rows()));
    }

    @Override
    public GradientCache.Pass forward(Part part) {
      return new GradientCache.Pass(represent(part), null);
    }
  }
}
