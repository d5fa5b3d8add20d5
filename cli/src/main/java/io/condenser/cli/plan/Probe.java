package io.condenser.cli.plan;

import io.condenser.benchmarks.EncodeBench;
import io.condenser.benchmarks.FinetuneBench;
import io.condenser.benchmarks.IndexBench;
import io.condenser.benchmarks.Measured;
import io.condenser.benchmarks.PretrainBench;
import io.condenser.benchmarks.SearchBench;
import io.condenser.benchmarks.Shape;
import io.condenser.cli.plan.Work.Kind;
import io.condenser.cli.plan.Work.Rate;
import io.condenser.model.Precision;
import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Measures this machine for a few seconds: each kind of work once, small. An encoder is measured at
 * its hidden size with two layers, since the speed of its products depends on the one and hardly on
 * the other. Of a few repetitions the fastest counts: other work beside them only makes them
 * slower.
 */
public final class Probe {
  /** The others are constants, below. */
  static final Set<Kind> MEASURED =
      EnumSet.of(Kind.PRETRAIN, Kind.FINETUNE, Kind.ENCODE, Kind.SEARCH, Kind.INDEX);

  /** Lines parsed, tokenised and written; what depends on it takes seconds. */
  static final double READ_BYTES = 30e6;

  /** Steps of {@link Costs#searching}: half a millisecond a query among 9,500 passages. */
  static final double BM25_STEPS = 9e5;

  private static final int LAYERS = 2;
  private static final int BATCH = 8;
  private static final int CHUNK_TOKENS = 4096;
  private static final int PASSAGES = 64;
  private static final int LONGEST = 256;
  private static final int INDEXED = 2000;
  private static final int VECTORS = 20_000;
  private static final int QUERIES = 256;
  private static final int K = 100;
  private static final int TIMES = 3;

  private Probe() {}

  /** The speeds that these rates ask for. */
  public static Speeds measure(Collection<Rate> rates) throws IOException {
    Map<Rate, Double> speeds = new LinkedHashMap<>();
    for (Rate rate : rates) {
      if (!speeds.containsKey(rate) && rate.kind() != Kind.NETWORK) {
        speeds.put(rate, speed(rate));
      }
    }
    return new Speeds(speeds);
  }

  private static double speed(Rate rate) throws IOException {
    return switch (rate.kind()) {
      case PRETRAIN ->
          operations(
              new PretrainBench(shape(rate), precision(rate), BATCH, CHUNK_TOKENS, 1, TIMES).run());
      case FINETUNE ->
          operations(
              new FinetuneBench(shape(rate), precision(rate), BATCH, 1, CHUNK_TOKENS, TIMES).run());
      case ENCODE ->
          operations(new EncodeBench(shape(rate), precision(rate), PASSAGES, LONGEST, TIMES).run());
      case SEARCH -> operations(new SearchBench(VECTORS, rate.hidden(), QUERIES, K, TIMES).run());
      case INDEX -> new IndexBench(INDEXED, TIMES).run().tokensPerSecond();
      case BM25 -> BM25_STEPS;
      case READ -> READ_BYTES;
      case NETWORK -> throw new IllegalArgumentException("nobody knows the network's speed");
    };
  }

  private static double operations(Measured measured) {
    return measured.operations() / Collections.min(measured.seconds());
  }

  private static Shape shape(Rate rate) {
    return new Shape(LAYERS, rate.hidden());
  }

  private static Precision precision(Rate rate) {
    return Objects.requireNonNull(rate.precision(), "an encoder's speed depends on it");
  }
}
