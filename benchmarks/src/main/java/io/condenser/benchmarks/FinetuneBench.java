package io.condenser.benchmarks;

import io.condenser.model.BertConfig;
import io.condenser.model.BertLayout;
import io.condenser.model.Encoder;
import io.condenser.model.Fresh;
import io.condenser.model.Parameters;
import io.condenser.model.Pooling;
import io.condenser.model.Precision;
import io.condenser.training.Distillation;
import io.condenser.training.FinetuningData;
import io.condenser.training.FinetuningSettings;
import io.condenser.training.FinetuningTask;
import io.condenser.training.Stepper;
import io.condenser.training.workers.Workers;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Steps of a bi-encoder's fine-tuning with hard and in-batch negatives, on texts of real lengths.
 *
 * @param shape of the encoder, which both towers share
 * @param precision of the matrix products
 * @param queries in a step, each with one positive and {@code negatives} hard negatives
 * @param chunkTokens tokens whose graphs may be held at once
 * @param steps that are timed
 */
public record FinetuneBench(
    Shape shape, Precision precision, int queries, int negatives, int chunkTokens, int steps) {
  private static final int WARM = 3;
  private static final int QUERY_LENGTH = 32;
  private static final int PASSAGE_LENGTH = 128;
  private static final double DROPOUT = 0.1;
  private static final double WEIGHT_DECAY = 0.01;

  /** Runs it. */
  public Measured run() throws IOException {
    Memory.forget();
    BertConfig config = shape.config().withDropout(DROPOUT, 0);
    int[] queryLengths = Lengths.QUERIES.of(queries, QUERY_LENGTH);
    int[] passageLengths = Lengths.PASSAGES.of(queries * (1 + negatives), PASSAGE_LENGTH);
    Parameters parameters = new Parameters();
    Fresh.add(parameters, BertLayout.backbone(config), config.initializerRange(), 1);
    try (Encoder encoder = new Encoder(config, parameters, Pooling.CLS, false)) {
      FinetuningTask task =
          new FinetuningTask(
              encoder, encoder, data(queryLengths, passageLengths), 0, settings(), Workers.alone());
      List<Double> seconds;
      try (Stepper stepper = new Stepper(task, WEIGHT_DECAY, 1)) {
        seconds = Timing.of(WARM, steps, stepper::take);
      }
      int[] lengths =
          IntStream.concat(Arrays.stream(queryLengths), Arrays.stream(passageLengths)).toArray();
      return new Measured(
          "finetune %s %s".formatted(shape, Measured.name(precision)),
          queries,
          Arrays.stream(lengths).asLongStream().sum(),
          seconds,
          shape.biEncoder(lengths),
          MatrixPeak.measure(precision),
          Memory.peak());
    }
  }

  private FinetuningSettings settings() {
    return new FinetuningSettings(
        WARM + steps,
        queries,
        negatives,
        chunkTokens,
        1e-5,
        0.1,
        1,
        true,
        Distillation.NONE,
        precision,
        1);
  }

  /** Passage i × (1 + negatives) is query i's positive, its negatives follow. */
  private FinetuningData data(int[] queryLengths, int[] passageLengths) {
    int each = 1 + negatives;
    int[][] positives =
        IntStream.range(0, queries).mapToObj(i -> new int[] {i * each}).toArray(int[][]::new);
    int[][] hard =
        IntStream.range(0, queries)
            .mapToObj(i -> IntStream.range(i * each + 1, (i + 1) * each).toArray())
            .toArray(int[][]::new);
    return new FinetuningData(
        Arrays.stream(queryLengths).mapToObj(SyntheticText::tokens).toList(),
        positives,
        List.<int[][]>of(hard),
        passage -> SyntheticText.tokens(passageLengths[passage]),
        IntStream.range(0, passageLengths.length).toArray());
  }
}
