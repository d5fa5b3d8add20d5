package io.condenser.training;

import io.condenser.model.Precision;

/**
 * How a bi-encoder is fine-tuned. The papers' values for MS MARCO: learning rate 5e-6, 8 queries ×
 * 8 passages, 3 epochs; for Natural Questions and TriviaQA: 128 queries × 2 passages, 40 epochs.
 *
 * @param epochs passes over the instances, above 0
 * @param batch queries in a step
 * @param negatives hard negatives of each query in a step
 * @param chunkTokens tokens, padding counted, whose graphs may be held at once: the memory of a
 *     step; 0 takes as many as fit into half of the memory that is free
 * @param learningRate the peak
 * @param warmup share of the steps in which the learning rate rises
 * @param temperature what inner products are divided by; the papers' is 1, models that normalise
 *     their vectors want about 0.05
 * @param excludeJudged whether other queries' passages that are judged relevant to a query are left
 *     out of its negatives
 * @param distillation what is learned from the data's teacher
 * @param precision of the matrix products, fp32 or bf16
 * @param seed of order, negatives and dropout
 */
public record FinetuningSettings(
    double epochs,
    int batch,
    int negatives,
    int chunkTokens,
    double learningRate,
    double warmup,
    double temperature,
    boolean excludeJudged,
    Distillation distillation,
    Precision precision,
    long seed) {
  public FinetuningSettings {
    Range.checkPositive("epochs", epochs);
    Range.check("batch", batch, 1, 1 << 20);
    Range.check("negatives-per-query", negatives, 0, 1000);
    Range.checkChunkTokens(chunkTokens);
    Range.check("learning-rate", learningRate, 1e-9, 1);
    Range.check("warmup", warmup, 0, 0.99);
    Range.check("temperature", temperature, 1e-4, 1e4);
    Range.check(precision);
  }
}
