package io.condenser.training;

import io.condenser.model.Precision;
import io.condenser.storage.InputException;
import io.condenser.training.workers.Workers;

/** Refuses settings out of range by name, value and bounds. */
final class Range {
  private Range() {}

  static void check(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new InputException("%s is %s; expected %s to %s".formatted(name, value, least, most));
    }
  }

  static void check(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new InputException("%s is %d; expected %d to %d".formatted(name, value, least, most));
    }
  }

  /** A budget of graphs, or 0 for one that is chosen. */
  static void checkChunkTokens(int tokens) {
    if (tokens != 0) {
      check("chunk-tokens", tokens, 128, 1 << 24);
    }
  }

  /** Refuses a batch that leaves a worker without a row. */
  static void checkWorkers(int batch, Workers workers) {
    if (batch < workers.count()) {
      throw new InputException(
          "batch is %d; expected at least %d, one for each worker"
              .formatted(batch, workers.count()));
    }
  }

  /** Refuses a precision that has no gradients. */
  static void check(Precision precision) {
    if (precision == Precision.INT8) {
      throw new InputException("precision is int8; expected auto, fp32 or bf16: int8 only encodes");
    }
  }

  /** For settings that must be above 0. */
  static void checkPositive(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new InputException("%s is %s; expected above 0".formatted(name, value));
    }
  }
}
