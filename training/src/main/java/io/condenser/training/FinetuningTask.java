package io.condenser.training;

import io.condenser.model.Encoder;
import io.condenser.storage.InputException;
import io.condenser.text.CounterRandom;
import io.condenser.text.Permutation;
import io.condenser.training.workers.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * Fine-tuning of a bi-encoder with hard and in-batch negatives. Of an instance's positives one is
 * taken, the next in every epoch; of its negatives, shuffled once by the seed, a window that moves
 * with the epoch.
 */
public final class FinetuningTask implements Task {
  // Streams of random numbers, independent of each other.
  private static final long ORDER = 0x6f726465; // "orde"
  private static final long SHUFFLE = 0x73687566; // "shuf"
  private static final long FILL = 0x66696c6c; // "fill"
  private static final long DROPOUT = 0x64726f70; // "drop"

  private final Encoder queryEncoder;
  private final Encoder passageEncoder;
  private final FinetuningData data;
  private final FinetuningSettings settings;
  private final Workers workers;
  private final BiEncoderStep step;
  private final int chunkTokens;
  private final long stepsPerEpoch;
  private final Schedule schedule;
  private final Ahead<FinetuningBatch> batches;

  /**
   * A task.
   *
   * @param queryEncoder the same object as {@code passageEncoder} where the two are tied
   * @param workers who share each batch
   * @throws InputException if there are fewer instances than a batch takes
   */
  public FinetuningTask(
      Encoder queryEncoder,
      Encoder passageEncoder,
      FinetuningData data,
      int padId,
      FinetuningSettings settings,
      Workers workers) {
    this.queryEncoder = queryEncoder;
    this.passageEncoder = passageEncoder;
    this.data = data;
    this.settings = settings;
    this.workers = workers;
    step =
        new BiEncoderStep(
            queryEncoder,
            passageEncoder,
            new ContrastiveLoss(settings.temperature()),
            workers.first(settings.precision()),
            padId,
            workers);
    chunkTokens =
        GraphMemory.tokens(
            settings.chunkTokens(),
            workers.onThisMachine(),
            passageEncoder.config(),
            passageEncoder.parameters());
    stepsPerEpoch = data.instances() / settings.batch();
    if (stepsPerEpoch == 0) {
      throw new InputException(
          "a batch takes %d queries, there are %d with a positive passage; lower batch"
              .formatted(settings.batch(), data.instances()));
    }
    Range.checkWorkers(settings.batch(), workers);
    long steps = Math.max(1, Math.round(settings.epochs() * stepsPerEpoch));
    schedule = Schedule.of(settings.learningRate(), settings.warmup(), steps);
    batches = new Ahead<>(this::batch, steps);
  }

  FinetuningBatch batch(long step) {
    int epoch = Math.toIntExact(step / stepsPerEpoch);
    long first = step % stepsPerEpoch * settings.batch();
    Permutation order = new Permutation(data.instances(), random(ORDER, epoch, 0));
    Map<Integer, Integer> rows = new LinkedHashMap<>(); // passage to its row in the batch
    int[] queries = new int[settings.batch()];
    int[] positives = new int[settings.batch()];
    for (int i = 0; i < queries.length; i++) {
      long instance = order.at(first + i);
      int query = (int) (instance % data.queries().size());
      int source = (int) (instance / data.queries().size());
      int[] relevant = data.positives()[query];
      queries[i] = query;
      positives[i] = row(rows, relevant[epoch % relevant.length]);
      for (int negative : negatives(query, source, epoch)) {
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

  /** The epoch's window of the shuffled negatives, filled up with random passages. */
  private int[] negatives(int query, int source, int epoch) {
    int wanted = settings.negatives();
    int[] all = data.negatives().isEmpty() ? new int[0] : data.negatives().get(source)[query];
    Permutation shuffled =
        all.length == 0 ? null : new Permutation(all.length, random(SHUFFLE, source, query));
    int[] window = new int[wanted];
    CounterRandom random = random(FILL, epoch, query);
    for (int i = 0, draw = 0; i < wanted; i++) {
      if (shuffled != null && i < all.length) {
        window[i] = all[(int) shuffled.at(((long) epoch * wanted + i) % all.length)];
      } else {
        do {
          window[i] = random.below(data.passageCount(), draw++);
        } while (isPositive(query, window[i]) && draw < 100);
      }
    }
    return window;
  }

  private CounterRandom random(long stream, long epoch, long position) {
    return CounterRandom.at(settings.seed(), stream, epoch, position);
  }

  private boolean isPositive(int query, int passage) {
    return IntStream.of(data.positives()[query]).anyMatch(positive -> positive == passage);
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
    CounterRandom dropout = random(DROPOUT, 0, step);
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
  public Workers workers() {
    return workers;
  }

  @Override
  public int rowsPerStep() {
    return settings.batch();
  }
}
