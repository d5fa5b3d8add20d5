package io.condenser.cli.report;

import io.condenser.cli.report.MetricsFile.Point;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The curves of a training run. */
public final class TrainingCharts {
  /** Curves that are parts of one sum share a chart. */
  private static final Set<String> LOSSES =
      Set.of("loss", "mlm", "late_mlm", "head_mlm", "contrastive");

  private static final Set<String> TECHNICAL =
      Set.of("gradient_norm", "learning_rate", "lr", "rows_per_second", "seconds");

  private TrainingCharts() {}

  /** Losses and measures in sight; what only matters where something went wrong is folded. */
  static String html(Map<String, List<Point>> byKey) {
    StringBuilder folded = new StringBuilder();
    byKey.forEach((key, points) -> {
      if (TECHNICAL.contains(key)) {
        folded.append(single("", key, points));
      }
    });
    String rest =
        folded.isEmpty() ? "" : Page.folded("Speed and step sizes", Page.grid(folded.toString()));
    return Page.grid(figures("", byKey)) + rest;
  }

  /** Charts of losses and measures, their titles behind a name. */
  public static String figures(String name, Map<String, List<Point>> byKey) {
    Map<String, List<Point>> losses = new LinkedHashMap<>(byKey);
    losses.keySet().retainAll(LOSSES);
    StringBuilder seen = new StringBuilder();
    if (!losses.isEmpty()) {
      seen.append(LineChart.svg(name + "loss by step", losses));
    }
    byKey.forEach((key, points) -> {
      if (!LOSSES.contains(key) && !TECHNICAL.contains(key)) {
        seen.append(single(name, key, points));
      }
    });
    return seen.toString();
  }

  private static String single(String name, String key, List<Point> points) {
    return LineChart.svg(name + key.replace('_', ' ') + " by step", Map.of(key, points));
  }
}
