package io.condenser.training;

import io.condenser.model.Encoder;
import io.condenser.model.Precision;
import io.condenser.text.CounterRandom;
import io.condenser.training.workers.Workers;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Fine-tuning of a bi-encoder with hard and in-batch negatives. Which queries and passages a step
 * takes, {@link Instances} says; which passages a query is compared with its teacher on, {@link
 * TeacherLists}.
 */
public final class FinetuningTask implements Task {
  private static final long DROPOUT = 0x64726f70; // a stream of random numbers, "drop"

  private final Encoder queryEncoder;
  private final Encoder passageEncoder;
  private final FinetuningData data;
  private final FinetuningSettings settings;
  private final Workers workers;
  private final Precision precision;
  private final BiEncoderStep step;
  private final int chunkTokens;
  private final Instances instances;
  private final @Nullable TeacherLists teacher;
  private final Schedule schedule;
  private final Ahead<FinetuningBatch> batches;

  /**
   * A task.
   *
   * @param queryEncoder the same object as {@code passageEncoder} where the two are tied
   * @param workers who share each batch
   * @throws io.condenser.storage.InputException if there are fewer instances than a batch takes
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
    precision = workers.first(settings.precision());
    step =
        new BiEncoderStep(
            queryEncoder, passageEncoder, BiEncoderLoss.of(settings), precision, padId, workers);
    chunkTokens =
        GraphMemory.tokens(
            settings.chunkTokens(),
            workers.onThisMachine(),
            passageEncoder.config(),
            parameters().values());
    Range.checkWorkers(settings.batch(), workers);
    instances = new Instances(data, settings.batch(), settings.negatives(), settings.seed());
    teacher = teacher(data, settings);
    long steps = instances.steps(settings.epochs());
    schedule = Schedule.of(settings.learningRate(), settings.warmup(), steps);
    batches = new Ahead<>(this::batch, steps);
  }

  private static @Nullable TeacherLists teacher(FinetuningData data, FinetuningSettings settings) {
    Distillation distillation = settings.distillation();
    if (distillation.isUsed() != (data.teacher() != null)) {
      throw new IllegalArgumentException("distillation and the data's teacher go together");
    }
    return data.teacher() == null
        ? null
        : new TeacherLists(data.teacher(), distillation.candidates(), settings.seed());
  }

  FinetuningBatch batch(long step) {
    Map<Integer, Integer> rows = new LinkedHashMap<>(); // passage to its row in the batch
    List<Instances.Instance> taken = instances.of(step);
    for (Instances.Instance instance : taken) {
      row(rows, instance.positive());
      for (int negative : instance.negatives()) {
        row(rows, negative);
      }
    }
    DistillationLoss.Lists taught = taught(taken, instances.epoch(step), rows);
    int[] idle = idle(rows.size());
    Stream<Integer> passages =
        Stream.concat(
            rows.keySet().stream(), IntStream.of(idle).mapToObj(_ -> taken.getFirst().positive()));
    return new FinetuningBatch(
        taken.stream().map(instance -> data.queries().get(instance.query())).toList(),
        passages.map(data.passages()::apply).toList(),
        taken.stream().mapToInt(instance -> row(rows, instance.positive())).toArray(),
        IntStream.range(0, taken.size())
            .mapToObj(i -> excluded(taken.get(i), taught.rows()[i], rows))
            .map(some -> IntStream.concat(IntStream.of(some), IntStream.of(idle)).toArray())
            .toArray(int[][]::new),
        taught);
  }

  /** Rows that no query is compared with: every worker takes a passage, even of few. */
  private int[] idle(int rows) {
    return IntStream.range(rows, Math.max(rows, workers.count())).toArray();
  }

  private DistillationLoss.Lists taught(
      List<Instances.Instance> taken, int epoch, Map<Integer, Integer> rows) {
    int[][] listed = new int[taken.size()][0];
    double[][] logits = new double[taken.size()][0];
    for (int i = 0; teacher != null && i < listed.length; i++) {
      Instances.Instance instance = taken.get(i);
      TeacherLists.Listed list = teacher.of(instance.query(), instance.positive(), epoch);
      listed[i] = IntStream.of(list.passages()).map(passage -> row(rows, passage)).toArray();
      logits[i] = list.logits();
    }
    return new DistillationLoss.Lists(listed, logits);
  }

  private static int row(Map<Integer, Integer> rows, int passage) {
    return rows.computeIfAbsent(passage, _ -> rows.size());
  }

  /**
   * Rows of a query's other relevant passages, and of those that are there for its teacher alone: a
   * negative is what the data call so.
   */
  private int[] excluded(Instances.Instance instance, int[] listed, Map<Integer, Integer> rows) {
    Set<Integer> excluded = new LinkedHashSet<>();
    for (int row : listed) {
      excluded.add(row);
    }
    for (int negative : instance.negatives()) {
      excluded.remove(rows.get(negative));
    }
    for (int relevant : data.positives()[instance.query()]) {
      Integer row = rows.get(relevant);
      if (settings.excludeJudged() && row != null) {
        excluded.add(row);
      }
    }
    excluded.remove(rows.get(instance.positive()));
    return excluded.stream().mapToInt(Integer::intValue).toArray();
  }

  @Override
  public Map<String, Double> accumulate(long step, double scale) {
    CounterRandom dropout = CounterRandom.at(settings.seed(), DROPOUT, 0, step);
    BiEncoderLoss.Losses losses =
        this.step.accumulate(batches.get(step), chunkTokens, dropout, scale);
    Map<String, Double> numbers = new LinkedHashMap<>();
    numbers.put("loss", losses.total());
    if (teacher != null) {
      numbers.put("contrastive", losses.contrastive());
      numbers.put("distillation", losses.distillation());
    }
    return numbers;
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
  public Precision precision() {
    return precision;
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
