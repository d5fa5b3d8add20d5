package io.condenser.training;

import io.condenser.model.Precision;

/**
 * How a model is pre-trained. The papers' values stand in REFERENCE: AdamW, learning rate 1e-4,
 * warm-up 10 %, 8 epochs, length 128, batch 1024 sequences (Condenser) or about 2000 (coCondenser).
 *
 * @param objective what is learnt
 * @param epochs passes over the corpus, above 0; a fraction trains on part of it
 * @param batch sequences (MLM, Condenser) or documents of two spans (coCondenser) in a step
 * @param chunkTokens tokens, padding counted, whose graphs may be held at once: the memory of a
 *     step; 0 takes as many as fit into half of the memory that is free
 * @param learningRate the peak
 * @param warmup share of the steps in which the learning rate rises
 * @param temperature τ of the contrastive loss; the paper's is 1
 * @param headWarmupSteps steps before all others in which fresh heads alone are trained
 * @param headLearningRate peak learning rate of those steps
 * @param precision of the matrix products, fp32 or bf16
 * @param seed of order, spans, windows, masks, dropout and fresh weights
 */
public record PretrainingSettings(
    Objective objective,
    double epochs,
    int batch,
    int chunkTokens,
    double learningRate,
    double warmup,
    double temperature,
    int headWarmupSteps,
    double headLearningRate,
    Precision precision,
    long seed) {
  public PretrainingSettings {
    Range.checkPositive("epochs", epochs);
    Range.check("batch", batch, objective == Objective.COCONDENSER ? 2 : 1, 1 << 20);
    Range.checkChunkTokens(chunkTokens);
    Range.check("learning-rate", learningRate, 1e-9, 1);
    Range.check("warmup", warmup, 0, 0.99);
    Range.check("temperature", temperature, 1e-4, 1e4);
    Range.check("head-warmup-steps", headWarmupSteps, 0, 1 << 24);
    Range.check("head-learning-rate", headLearningRate, 1e-9, 1);
    Range.check(precision);
  }

  /** What pre-training learns. */
  public enum Objective {
    /** BERT's masked words alone. */
    MLM,
    /** Masked words through the CLS (Condenser). */
    CONDENSER,
    /** The same, and spans of one document lie close (coCondenser). */
    COCONDENSER
  }
}
