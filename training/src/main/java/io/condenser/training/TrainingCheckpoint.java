package io.condenser.training;

import io.condenser.model.Tensors;
import io.condenser.storage.InputException;
import io.condenser.storage.Replacement;
import io.condenser.storage.Safetensors;
import io.condenser.storage.StoredTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectMapper;

/**
 * Where a run stands: folder {@code checkpoint-STEP} with {@code parameters.safetensors}, {@code
 * optimizer.safetensors} and {@code state.json}. Written aside and renamed, so a folder of that
 * name is whole.
 *
 * @param step steps done
 * @param best the best validation so far; NaN before the first
 * @param bestStep steps done at the best validation; -1 before the first
 * @param configuration the run's, see {@link TrainerSettings}
 * @param lossScale of the next step; null where the loss is not scaled
 */
record TrainingCheckpoint(
    long step, double best, long bestStep, String configuration, @Nullable LossScale lossScale) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NAME = "checkpoint-";
  private static final String PARAMETERS = "parameters.safetensors";
  private static final String OPTIMIZER = "optimizer.safetensors";
  private static final String STATE = "state.json";

  /** Where a run stands that has not begun. */
  static TrainingCheckpoint none(String configuration) {
    return new TrainingCheckpoint(0, Double.NaN, -1, configuration, null);
  }

  /** The same after so many steps. */
  TrainingCheckpoint at(long steps, @Nullable LossScale scale) {
    return new TrainingCheckpoint(steps, best, bestStep, configuration, scale);
  }

  /** The same, which is the best so far. */
  TrainingCheckpoint asBest(double measure) {
    return new TrainingCheckpoint(step, measure, step, configuration, lossScale);
  }

  /** The latest checkpoint of a run's folder, or null. */
  static @Nullable Path latest(Path run) {
    if (!Files.isDirectory(run)) {
      return null;
    }
    try (Stream<Path> entries = Files.list(run)) {
      return entries
          .filter(path -> path.getFileName().toString().matches(NAME + "\\d+"))
          .max(Comparator.comparingLong(TrainingCheckpoint::stepOf))
          .orElse(null);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + run + ": " + e.getMessage(), e);
    }
  }

  private static long stepOf(Path checkpoint) {
    return Long.parseLong(checkpoint.getFileName().toString().substring(NAME.length()));
  }

  /** Writes this with weights and moments, then deletes the older ones. */
  void write(Path run, Map<String, Tensor> parameters, AdamW optimizer) throws IOException {
    Path target = run.resolve(NAME + String.format(Locale.ROOT, "%08d", step));
    Replacement.directory(
        target,
        folder -> {
          write(folder.resolve(PARAMETERS), copies -> stored(parameters, copies));
          write(folder.resolve(OPTIMIZER), optimizer::stored);
          Files.writeString(folder.resolve(STATE), JSON.writeValueAsString(this));
        });
    try (Stream<Path> entries = Files.list(run)) {
      for (Path old : (Iterable<Path>) entries::iterator) {
        if (old.getFileName().toString().matches(NAME + "\\d+") && stepOf(old) < step) {
          Replacement.deleteTree(old);
        }
      }
    }
  }

  /** Reads a checkpoint into weights and moments. */
  static TrainingCheckpoint restore(
      Path folder, String configuration, Map<String, Tensor> parameters, AdamW optimizer) {
    TrainingCheckpoint state;
    try {
      state = JSON.readValue(folder.resolve(STATE), TrainingCheckpoint.class);
    } catch (JacksonException e) {
      throw InputException.in(
          folder.resolve(STATE), "cannot be read: " + e.getOriginalMessage(), e);
    }
    if (!state.configuration.equals(configuration)) {
      throw InputException.in(
          folder,
          "was made with other settings or data; delete it to start anew, or take the old settings\n"
              + "  then: "
              + state.configuration
              + "\n  now:  "
              + configuration);
    }
    try (Safetensors weights = Safetensors.open(folder.resolve(PARAMETERS));
        Safetensors moments = Safetensors.open(folder.resolve(OPTIMIZER))) {
      Tensors.restore(parameters, weights);
      optimizer.restore(moments);
    }
    return state;
  }

  /** Writes weights alone. */
  static void writeWeights(Path file, Map<String, Tensor> parameters) {
    Replacement.file(file, aside -> write(aside, copies -> stored(parameters, copies)));
  }

  private static void write(Path file, Function<Arena, List<StoredTensor>> tensors)
      throws IOException {
    try (Arena copies = Arena.ofShared()) {
      Safetensors.write(file, tensors.apply(copies), Map.of());
    }
  }

  /** Reads weights alone. */
  static void readWeights(Path file, Map<String, Tensor> parameters) {
    try (Safetensors weights = Safetensors.open(file)) {
      Tensors.restore(parameters, weights);
    }
  }

  private static List<StoredTensor> stored(Map<String, Tensor> parameters, Arena copies) {
    return parameters.entrySet().stream()
        .map(entry -> Tensors.view(entry.getKey(), entry.getValue().detach(), copies))
        .toList();
  }
}
