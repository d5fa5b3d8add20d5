package io.condenser.cli.report;

import io.condenser.storage.Lines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Curves of a training run, from JSON lines with a {@code step} and any other numbers. What is no
 * number is passed over.
 */
public final class MetricsFile {
  /** A curve keeps at most this many points; more would not be seen. */
  static final int MOST_POINTS = 240;

  private static final String STEP = "step";
  private static final JsonMapper JSON = JsonMapper.shared();

  private MetricsFile() {}

  /** A point of a curve. */
  public record Point(double step, double value) {}

  /**
   * Reads the curves by their names, in the order in which the names first occur.
   *
   * @throws io.condenser.storage.InputException naming file and line, if a line is no JSON object
   *     with a step
   */
  public static Map<String, List<Point>> read(Path file) {
    Map<String, List<Point>> curves = new LinkedHashMap<>();
    try (Lines lines = Lines.open(file)) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        if (!line.isBlank()) {
          JsonNode object = parse(lines, line);
          double step = object.path(STEP).asDouble();
          for (Map.Entry<String, JsonNode> entry : object.properties()) {
            if (entry.getValue().isNumber() && !entry.getKey().equals(STEP)) {
              curves
                  .computeIfAbsent(entry.getKey(), k -> new ArrayList<>())
                  .add(new Point(step, entry.getValue().asDouble()));
            }
          }
        }
      }
    }
    curves.replaceAll((name, points) -> thinned(points));
    return curves;
  }

  private static JsonNode parse(Lines lines, String line) {
    JsonNode object;
    try {
      object = JSON.readTree(line);
    } catch (JacksonException e) {
      throw lines.error("not JSON; expected {\"step\": …, \"loss\": …}");
    }
    if (!object.path(STEP).isNumber()) {
      throw lines.error("no number \"step\"; expected {\"step\": …, \"loss\": …}");
    }
    return object;
  }

  /** Neighbours become one point, their mean, so that no more than {@link #MOST_POINTS} remain. */
  static List<Point> thinned(List<Point> points) {
    int together = (points.size() + MOST_POINTS - 1) / MOST_POINTS;
    if (together <= 1) {
      return points;
    }
    List<Point> thinned = new ArrayList<>();
    for (int from = 0; from < points.size(); from += together) {
      List<Point> group = points.subList(from, Math.min(points.size(), from + together));
      thinned.add(
          new Point(
              group.stream().mapToDouble(Point::step).average().orElseThrow(),
              group.stream().mapToDouble(Point::value).average().orElseThrow()));
    }
    return thinned;
  }
}
