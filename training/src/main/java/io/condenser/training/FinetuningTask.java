package io.condenser.training;

import io.condenser.model.Encoder;
import io.condenser.text.CounterRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * Fine-tuning of a bi-encoder with hard and in-batch negatives. Which queries and passages a step
 * takes, {@link Instances} says.
 */
public final class FinetuningTask implements Task {
  private static final long DROPOUT = 0x64726f70; // a stream of random numbers, "drop"

  private final Encoder queryEncoder;
  private final Encoder passageEncoder;
  private final FinetuningData data;
  private final FinetuningSettings settings;
  private final BiEncoderStep step;
  private final int chunkTokens;
  private final Instances instances;
  private final Schedule schedule;
  private final Ahead<FinetuningBatch> batches;

  /**
   * A task.
   *
   * @param queryEncoder the same object as {@code passageEncoder} where the two are tied
   * @throws io.condenser.storage.InputException if there are fewer instances than a batch takes
   */
  public FinetuningTask(
      Encoder queryEncoder,
      Encoder passageEncoder,
      FinetuningData data,
      int padId,
      FinetuningSettings settings) {
    this.queryEncoder = queryEncoder;
    this.passageEncoder = passageEncoder;
    this.data = data;
    this.settings = settings;
    step =
        new BiEncoderStep(
            queryEncoder,
            passageEncoder,
            new ContrastiveLoss(settings.temperature()),
            settings.precision(),
            padId);
    chunkTokens =
        GraphMemory.tokens(
            settings.chunkTokens(), passageEncoder.config(), passageEncoder.parameters());
    instances = new Instances(data, settings.batch(), settings.negatives(), settings.seed());
    long steps = instances.steps(settings.epochs());
    schedule = Schedule.of(settings.learningRate(), settings.warmup(), steps);
    batches = new Ahead<>(this::batch, steps);
  }

  FinetuningBatch batch(long step) {
    Map<Integer, Integer> rows = new LinkedHashMap<>(); // passage to its row in the batch
    int[] queries = new int[settings.batch()];
    int[] positives = new int[settings.batch()];
    int i = 0;
    for (Instances.Instance instance : instances.of(step)) {
      queries[i] = instance.query();
      positives[i++] = row(rows, instance.positive());
      for (int negative : instance.negatives()) {
        row(rows, negative);
      }
    }
    return new FinetuningBatch(
        Arrays.stream(queries).mapToObj(data.queries()::get).toList(),
        rows.keySet().stream().map(data.passages()::apply).toList(),
        positives,
        excluded(queries, positives, rows));
  }

  private static int row(Map<Integer, Integer> rows, int passage) {
    return rows.computeIfAbsent(passage, _ -> rows.size());
  }

  /** Rows of each query's other relevant passages. */
  private int[][] excluded(int[] queries, int[] positives, Map<Integer, Integer> rows) {
    int[][] excluded = new int[queries.length][];
    for (int i = 0; i < queries.length; i++) {
      int target = positives[i];
      List<Integer> others = new ArrayList<>();
      for (int relevant : data.positives()[queries[i]]) {
        Integer row = rows.get(relevant);
        if (settings.excludeJudged() && row != null && row != target) {
          others.add(row);
        }
      }
      excluded[i] = others.stream().mapToInt(Integer::intValue).toArray();
    }
    return excluded;
  }

  @Override
  public Map<String, Double> accumulate(long step) {
    CounterRandom dropout = CounterRandom.at(settings.seed(), DROPOUT, 0, step);
    double loss = this.step.accumulate(batches.get(step), chunkTokens, dropout);
    return Map.of("loss", loss);
  }

  @Override
  public Map<String, Tensor> parameters() {
    Map<String, Tensor> all = new LinkedHashMap<>(passageEncoder.parameters().tensors());
    if (queryEncoder != passageEncoder) {
      queryEncoder
          .parameters()
          .tensors()
          .forEach((name, tensor) -> all.put("query." + name, tensor));
    }
    return all;
  }

  @Override
  public double learningRate(long step) {
    return schedule.learningRate(step);
  }

  @Override
  public long steps() {
    return schedule.steps();
  }

  @Override
  public int chunkTokens() {
    return chunkTokens;
  }

  @Override
  public int rowsPerStep() {
    return settings.batch();
  }
}
