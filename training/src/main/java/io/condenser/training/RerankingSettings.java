package io.condenser.training;

import io.condenser.model.Precision;

/**
 * How a cross-encoder is trained. RocketQA on MS MARCO: pointwise, 4 negatives to a positive.
 *
 * @param loss over the pairs of a step
 * @param epochs passes over the instances, above 0
 * @param batch queries in a step
 * @param negatives negatives of each query in a step, at least 1
 * @param chunkTokens tokens, padding counted, whose graphs may be held at once: the memory of a
 *     step; 0 takes as many as fit into half of the memory that is free
 * @param learningRate the peak
 * @param warmup share of the steps in which the learning rate rises
 * @param precision of the matrix products, not int8
 * @param seed of order, negatives and dropout
 */
public record RerankingSettings(
    RerankingLoss loss,
    double epochs,
    int batch,
    int negatives,
    int chunkTokens,
    double learningRate,
    double warmup,
    Precision precision,
    long seed) {
  public RerankingSettings {
    Range.checkPositive("epochs", epochs);
    Range.check("batch", batch, 1, 1 << 20);
    Range.check("negatives-per-query", negatives, 1, 1000);
    Range.checkChunkTokens(chunkTokens);
    Range.check("learning-rate", learningRate, 1e-9, 1);
    Range.check("warmup", warmup, 0, 0.99);
    Range.check(precision);
  }
}
