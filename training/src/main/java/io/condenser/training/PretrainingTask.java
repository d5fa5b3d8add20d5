package io.condenser.training;

import io.condenser.model.Precision;
import io.condenser.model.PretrainingModel;
import io.condenser.storage.InputException;
import io.condenser.text.CounterRandom;
import io.condenser.text.MaskedRow;
import io.condenser.text.SpanSampler;
import io.condenser.text.WholeWordMasks;
import io.condenser.training.PretrainingSettings.Objective;
import io.condenser.training.workers.Workers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.bytedeco.pytorch.Tensor;

/** Pre-training on a corpus: MLM, Condenser or coCondenser. */
public final class PretrainingTask implements Task {
  private static final double HEAD_WARMUP = 0.1;
  private static final long DROPOUT = 0x64726f70; // a stream of random numbers, "drop"

  private final PretrainingModel model;
  private final SpanSampler sampler;
  private final WholeWordMasks masks;
  private final PretrainingSettings settings;
  private final Predicate<String> fresh;
  private final Workers workers;
  private final Precision precision;
  private final PretrainingStep headStep;
  private final PretrainingStep step;
  private final int chunkTokens;
  private final long stepsPerEpoch;
  private final long mainSteps;
  private final Ahead<List<MaskedRow>> batches;

  /**
   * A task.
   *
   * @param fresh names of the parameters that the head warm-up trains
   * @param workers who share each batch
   * @throws InputException if the corpus has fewer documents or sequences than a batch
   */
  public PretrainingTask(
      PretrainingModel model,
      SpanSampler sampler,
      WholeWordMasks masks,
      int padId,
      PretrainingSettings settings,
      Predicate<String> fresh,
      Workers workers) {
    this.model = model;
    this.sampler = sampler;
    this.masks = masks;
    this.settings = settings;
    this.fresh = fresh;
    this.workers = workers;
    boolean spans = settings.objective() == Objective.COCONDENSER;
    precision = workers.first(settings.precision());
    headStep = new PretrainingStep(model, null, precision, padId, workers);
    step =
        spans
            ? new PretrainingStep(
                model, new ContrastiveLoss(settings.temperature()), precision, padId, workers)
            : headStep;
    chunkTokens =
        GraphMemory.tokens(
            settings.chunkTokens(),
            workers.onThisMachine(),
            model.config(),
            model.parameters().tensors().values());
    long available = spans ? sampler.pairs() : sampler.sequences();
    stepsPerEpoch = available / settings.batch();
    if (stepsPerEpoch == 0) {
      throw new InputException(
          "a batch takes %d %s, the corpus has %d; lower batch"
              .formatted(
                  settings.batch(),
                  spans ? "documents of at least two spans" : "sequences",
                  available));
    }
    Range.checkWorkers(settings.batch(), workers);
    mainSteps = Math.max(1, Math.round(settings.epochs() * stepsPerEpoch));
    batches = new Ahead<>(this::batch, steps());
  }

  private List<MaskedRow> batch(long step) {
    long epoch = step / stepsPerEpoch;
    long first = step % stepsPerEpoch * settings.batch();
    List<MaskedRow> rows = new ArrayList<>();
    for (long position = first; position < first + settings.batch(); position++) {
      if (settings.objective() == Objective.COCONDENSER) {
        int[][] pair = sampler.pair(epoch, position);
        rows.add(masks.mask(pair[0], epoch, 2 * position));
        rows.add(masks.mask(pair[1], epoch, 2 * position + 1));
      } else {
        rows.add(masks.mask(sampler.sequence(epoch, position), epoch, position));
      }
    }
    return rows;
  }

  @Override
  public Map<String, Double> accumulate(long step, double scale) {
    boolean warmingHead = step < settings.headWarmupSteps();
    model.parameters().train(warmingHead ? fresh : name -> true);
    long dropoutSeed = CounterRandom.at(settings.seed(), DROPOUT, 0, step).bits(0);
    PretrainingStep.Losses losses =
        (warmingHead ? headStep : this.step)
            .accumulate(batches.get(step), chunkTokens, dropoutSeed, scale);
    Map<String, Double> numbers = new LinkedHashMap<>();
    numbers.put("loss", losses.total());
    numbers.put("late_mlm", losses.lateMlm());
    numbers.put("head_mlm", losses.headMlm());
    numbers.put("contrastive", losses.contrastive());
    return numbers;
  }

  @Override
  public Map<String, Tensor> parameters() {
    return model.parameters().tensors();
  }

  @Override
  public double learningRate(long step) {
    int head = settings.headWarmupSteps();
    return step < head
        ? headRate(step)
        : Schedule.of(settings.learningRate(), settings.warmup(), mainSteps)
            .learningRate(step - head);
  }

  /** Rises over the first tenth, then stays: the main schedule follows at once. */
  private double headRate(long step) {
    double rising = Math.max(1, HEAD_WARMUP * settings.headWarmupSteps());
    return settings.headLearningRate() * Math.min(1, (step + 1) / rising);
  }

  @Override
  public Precision precision() {
    return precision;
  }

  @Override
  public long steps() {
    return settings.headWarmupSteps() + mainSteps;
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
    return settings.batch() * (settings.objective() == Objective.COCONDENSER ? 2 : 1);
  }
}
