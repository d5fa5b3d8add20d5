package io.condenser.training;

import io.condenser.model.BertConfig;
import io.condenser.model.BertLayout;
import io.condenser.model.CrossEncoder;
import io.condenser.model.Encoder;
import io.condenser.model.Fresh;
import io.condenser.model.Parameters;
import io.condenser.model.Pooling;
import io.condenser.model.Precision;
import io.condenser.model.PretrainingModel;
import io.condenser.model.Tensors;
import io.condenser.text.CounterRandom;
import io.condenser.text.MaskedRow;
import io.condenser.training.workers.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * coCondenser with dropout on random rows; dies when asked for step {@code dieAfter}. It computes
 * in float32, whatever precision it says.
 */
final class SmallTask implements Task, AutoCloseable {
  /** What a process that dies looks like from inside. */
  static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  static final BertConfig CONFIG = new BertConfig(64, 32, 2, 4, 64, 32, 2, 1e-12, 0.1, 0.1, 0.1);
  private static final int CHUNK_TOKENS = 20;

  private final int steps;
  private final int dieAfter;
  private final Workers workers;
  private final Precision said;
  private final PretrainingModel model = model(1);
  private final PretrainingStep step;

  SmallTask(int steps, int dieAfter, Workers workers) {
    this(steps, dieAfter, workers, Precision.FP32);
  }

  SmallTask(int steps, int dieAfter, Workers workers, Precision said) {
    this.said = said;
    this.steps = steps;
    this.dieAfter = dieAfter;
    this.workers = workers;
    step = new PretrainingStep(model, new ContrastiveLoss(1), Precision.FP32, 0, workers);
  }

  /** Random weights; without a Condenser head where that has no layers. */
  static PretrainingModel model(int headLayers) {
    Parameters parameters = new Parameters();
    synchronized (SmallTask.class) { // the threads of a process share one generator
      Fresh.add(parameters, BertLayout.backbone(CONFIG), 0.1, 1);
      Fresh.add(parameters, BertLayout.mlmHead(CONFIG), 0.1, 2);
      Fresh.add(parameters, BertLayout.condenserHead(CONFIG, headLayers), 0.1, 3);
    }
    return new PretrainingModel(CONFIG, parameters, 1, headLayers, Pooling.CLS, false);
  }

  /** An encoder of random weights. */
  static Encoder encoder(long seed) {
    Parameters parameters = new Parameters();
    synchronized (SmallTask.class) {
      Fresh.add(parameters, BertLayout.backbone(CONFIG), 0.1, seed);
    }
    return new Encoder(CONFIG, parameters, Pooling.CLS, false);
  }

  /** A cross-encoder of random weights. */
  static CrossEncoder crossEncoder() {
    Parameters parameters = new Parameters();
    synchronized (SmallTask.class) {
      Fresh.add(parameters, BertLayout.backbone(CONFIG), 0.1, 1);
      Fresh.add(parameters, BertLayout.classifier(CONFIG), 0.1, 2);
    }
    return new CrossEncoder(CONFIG, parameters);
  }

  /** Rows of 6 tokens and more, two of them masked. */
  static List<MaskedRow> rows(long step, int count) {
    List<MaskedRow> rows = new ArrayList<>();
    for (int row = 0; row < count; row++) {
      CounterRandom random = CounterRandom.at(9, 0, step, row);
      int[] ids = new int[6 + row % 7];
      Arrays.setAll(ids, i -> 5 + random.below(50, i));
      rows.add(new MaskedRow(ids, new int[] {1, 3}, new int[] {7, 8}));
    }
    return rows;
  }

  @Override
  public Map<String, Tensor> parameters() {
    return model.parameters().tensors();
  }

  @Override
  public Map<String, Double> accumulate(long at, double scale) {
    if (at == dieAfter) {
      throw new Killed();
    }
    long dropoutSeed = CounterRandom.at(9, 1, 0, at).bits(0);
    return Map.of("loss", step.accumulate(rows(at, 4), CHUNK_TOKENS, dropoutSeed, scale).total());
  }

  @Override
  public double learningRate(long at) {
    return Schedule.of(1e-2, 0.2, steps).learningRate(at);
  }

  @Override
  public Precision precision() {
    return said;
  }

  @Override
  public long steps() {
    return steps;
  }

  @Override
  public int chunkTokens() {
    return CHUNK_TOKENS;
  }

  @Override
  public Workers workers() {
    return workers;
  }

  @Override
  public int rowsPerStep() {
    return 4;
  }

  Map<String, float[]> values() {
    Map<String, float[]> values = new LinkedHashMap<>();
    try (PointerScope _ = new PointerScope()) {
      parameters().forEach((name, tensor) -> values.put(name, Tensors.floats(tensor)));
    }
    return values;
  }

  @Override
  public void close() {
    model.close();
  }
}
