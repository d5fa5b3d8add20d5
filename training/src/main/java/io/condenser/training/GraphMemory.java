package io.condenser.training;

import io.condenser.model.BertConfig;
import io.condenser.model.Machine;
import java.util.Collection;
import org.bytedeco.pytorch.Tensor;

/** What a training step takes of memory, and how many tokens' graphs fit into what is free. */
public final class GraphMemory {
  /**
   * What a token's graph holds for each layer and each of its H numbers, with room for what is not
   * counted. Measured at 6 × 384 in fp32: 74; less in bf16.
   */
  private static final int BYTES_PER_NUMBER = 100;

  /** Gradient, AdamW's two moments and a bf16 copy; the weight itself is there already. */
  private static final int BYTES_PER_WEIGHT = 14;

  /**
   * Of the free memory; the rest is for everything else that runs, and for errors of the estimate.
   */
  private static final double SHARE = 0.5;

  private static final int LEAST = 512;

  /** Even a batch that has more gains little: only its graph-free pass would be spared. */
  private static final int MOST = 1 << 16;

  private GraphMemory() {}

  /**
   * Tokens whose graphs may be held at once.
   *
   * @param asked what the user asked for; 0 leaves it to this class
   * @param processes of this work on this machine
   * @param parameters all that are trained
   */
  static int tokens(int asked, int processes, BertConfig config, Collection<Tensor> parameters) {
    long weights = parameters.stream().mapToLong(Tensor::numel).sum();
    return asked > 0
        ? asked
        : fitting(
            Machine.freeForTensors(processes),
            weights,
            config.numHiddenLayers() * perToken(config));
  }

  /**
   * Bytes of a token's graph in a layer. With dropout of attention weights these are in it, thrice;
   * a text is taken to be as long as one may be.
   */
  private static double perToken(BertConfig config) {
    double numbers = (double) BYTES_PER_NUMBER * config.hiddenSize();
    return config.attentionDropout() == 0
        ? numbers
        : numbers + 3.0 * Float.BYTES * config.numAttentionHeads() * config.maxPositionEmbeddings();
  }

  /**
   * Bytes of a step: weights in float32 with what training keeps of each, and the graphs.
   *
   * @param tokens whose graphs are held at once
   */
  public static double bytes(long weights, double tokens, int layers, int hidden) {
    return (4.0 + BYTES_PER_WEIGHT) * weights
        + (double) BYTES_PER_NUMBER * tokens * layers * hidden;
  }

  /** A power of two, so that small differences of the free memory make none here. */
  public static int fitting(long freeBytes, long weights, int layers, int hidden) {
    return fitting(freeBytes, weights, (double) BYTES_PER_NUMBER * layers * hidden);
  }

  private static int fitting(long freeBytes, long weights, double bytesPerToken) {
    double graphs = SHARE * (freeBytes - BYTES_PER_WEIGHT * weights);
    long tokens = (long) (graphs / bytesPerToken);
    return (int) Long.highestOneBit(Math.clamp(tokens, LEAST, MOST));
  }
}
