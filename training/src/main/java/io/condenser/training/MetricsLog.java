package io.condenser.training;

import io.condenser.storage.Lines;
import io.condenser.storage.Replacement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Metrics of a training run: {@code metrics.jsonl}, one object a line with its {@code step}, and
 * the same numbers as TensorBoard events beside it. A resumed run drops what was logged after its
 * checkpoint, so each step stands once.
 */
public final class MetricsLog implements AutoCloseable {
  /** The file of JSON lines. */
  public static final String FILE = "metrics.jsonl";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final TensorBoardEvents events;

  /** Opens the log of a folder, keeping the lines of steps before {@code firstStep}. */
  MetricsLog(Path folder, long firstStep) throws IOException {
    file = folder.resolve(FILE);
    List<String> kept = new ArrayList<>();
    if (firstStep > 0 && Files.exists(file)) {
      try (Lines lines = Lines.open(file)) {
        for (String line = lines.next(); line != null; line = lines.next()) {
          if (line.endsWith("}") && JSON.readTree(line).path("step").asLong() < firstStep) {
            kept.add(line);
          }
        }
      }
    }
    Replacement.file(file, aside -> Files.write(aside, kept));
    events = TensorBoardEvents.create(folder.resolve("events"), firstStep);
  }

  /** Logs the numbers of a step; those that are not finite are left out. */
  void log(long step, Map<String, Double> numbers) {
    ObjectNode line = JSON.createObjectNode().put("step", step);
    numbers.forEach((name, value) -> {
      if (Double.isFinite(value)) {
        line.put(name, value);
        events.scalar(step, name, value);
      }
    });
    try {
      Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    events.close();
  }
}
