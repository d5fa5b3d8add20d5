package io.condenser.training;

import io.condenser.model.CrossEncoder;
import io.condenser.model.Precision;
import io.condenser.text.CounterRandom;
import io.condenser.text.TokenPair;
import io.condenser.training.workers.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * Training of a cross-encoder (RocketQA §4.2): each query with a positive and with negatives that a
 * retriever ranked well. Which ones a step takes is as in fine-tuning, see {@link Instances}.
 */
public final class RerankingTask implements Task {
  private static final long DROPOUT = 0x64726f70; // a stream of random numbers, "drop"

  private final CrossEncoder encoder;
  private final FinetuningData data;
  private final Pairing pairing;
  private final RerankingSettings settings;
  private final Workers workers;
  private final Precision precision;
  private final RerankingStep step;
  private final int chunkTokens;
  private final Instances instances;
  private final Schedule schedule;
  private final Ahead<RerankingBatch> batches;

  /** Joins the tokens of a query and of a passage to a pair. */
  @FunctionalInterface
  public interface Pairing {
    /** The pair of both, each with its special tokens. */
    TokenPair of(int[] query, int[] passage);
  }

  /**
   * A task.
   *
   * @param pairing called from another thread
   * @param workers who share each batch
   * @throws io.condenser.storage.InputException if there are fewer instances than a batch takes
   */
  public RerankingTask(
      CrossEncoder encoder,
      FinetuningData data,
      Pairing pairing,
      int padId,
      RerankingSettings settings,
      Workers workers) {
    this.encoder = encoder;
    this.data = data;
    this.pairing = pairing;
    this.settings = settings;
    this.workers = workers;
    precision = workers.first(settings.precision());
    step = new RerankingStep(encoder, settings.loss(), precision, padId, workers);
    chunkTokens =
        GraphMemory.tokens(
            settings.chunkTokens(),
            workers.onThisMachine(),
            encoder.config(),
            encoder.parameters().tensors().values());
    Range.checkWorkers(settings.batch(), workers);
    instances = new Instances(data, settings.batch(), settings.negatives(), settings.seed());
    long steps = instances.steps(settings.epochs());
    schedule = Schedule.of(settings.learningRate(), settings.warmup(), steps);
    batches = new Ahead<>(this::batch, steps);
  }

  RerankingBatch batch(long step) {
    List<Instances.Instance> taken = instances.of(step);
    int each = 1 + settings.negatives();
    List<TokenPair> pairs = new ArrayList<>(); // each query's positive, then its negatives
    boolean[] relevant = new boolean[taken.size() * each];
    int[] queries = new int[relevant.length];
    for (int i = 0; i < taken.size(); i++) {
      Instances.Instance instance = taken.get(i);
      relevant[pairs.size()] = true;
      pairs.add(pair(instance.query(), instance.positive()));
      for (int negative : instance.negatives()) {
        pairs.add(pair(instance.query(), negative));
      }
      Arrays.fill(queries, i * each, (i + 1) * each, i);
    }
    return new RerankingBatch(pairs, relevant, queries);
  }

  private TokenPair pair(int query, int passage) {
    return pairing.of(data.queries().get(query), data.passages().apply(passage));
  }

  @Override
  public Map<String, Double> accumulate(long step, double scale) {
    long dropoutSeed = CounterRandom.at(settings.seed(), DROPOUT, 0, step).bits(0);
    return Map.of("loss", this.step.accumulate(batches.get(step), chunkTokens, dropoutSeed, scale));
  }

  @Override
  public Map<String, Tensor> parameters() {
    return encoder.parameters().tensors();
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
