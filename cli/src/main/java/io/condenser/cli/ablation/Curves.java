package io.condenser.cli.ablation;

import io.condenser.cli.report.LineChart;
import io.condenser.cli.report.MetricsFile.Point;
import io.condenser.cli.report.Page;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Charts of a measure along an axis, the label-efficiency curve first of all. */
final class Curves {
  private Curves() {}

  static String html(AblationResults results) {
    StringBuilder charts = new StringBuilder();
    for (CurveSpec spec : results.ablation().curves()) {
      charts.append(chart(spec, results));
    }
    return charts.isEmpty() ? "" : Page.grid(charts.toString());
  }

  private static String chart(CurveSpec spec, AblationResults results) {
    Map<String, List<String>> axes = results.ablation().axes();
    List<String> labels = axes.getOrDefault(spec.x(), List.of());
    Map<String, Map<String, Measured>> lines = new LinkedHashMap<>();
    for (Map<String, String> line : Grid.product(axes, spec.lines())) {
      Map<String, Measured> cells = new LinkedHashMap<>();
      for (String label : labels) {
        Map<String, String> wanted = new LinkedHashMap<>(spec.where());
        wanted.putAll(line);
        wanted.put(spec.x(), label);
        results.cells().stream()
            .filter(m -> m.cell().labels().equals(wanted))
            .findFirst()
            .ifPresent(m -> cells.put(label, m));
      }
      if (!cells.isEmpty()) {
        lines.put(line.isEmpty() ? spec.title() : String.join(" · ", line.values()), cells);
      }
    }
    if (lines.isEmpty()) {
      return "";
    }
    boolean counted = lines.values().stream().allMatch(cells -> countsTellApart(cells.values()));
    Map<Double, String> places = new TreeMap<>();
    Map<String, List<Point>> curves = new LinkedHashMap<>();
    lines.forEach((line, cells) -> {
      List<Point> points = new ArrayList<>();
      cells.forEach((label, cell) -> {
        int queries = cell.trainingQueries();
        double x = counted ? logarithm(queries) : labels.indexOf(label);
        places.put(x, counted ? String.format(Locale.ROOT, "%,d", queries) : label);
        points.add(new Point(x, cell.mean(spec.measure())));
      });
      curves.put(line, points);
    });
    String by = counted ? "training queries" : spec.x();
    return LineChart.svg(
        "%s: %s by %s".formatted(spec.title(), spec.measure(), by), curves, places);
  }

  /** Whether the axis is one of training queries: known, and another number at each place. */
  private static boolean countsTellApart(Collection<Measured> cells) {
    List<Integer> counts = cells.stream().map(Measured::trainingQueries).toList();
    return counts.stream().allMatch(n -> n >= 0)
        && counts.stream().distinct().count() == counts.size();
  }

  /** Tenfold steps are of one length; no queries at all stand a step before one. */
  private static double logarithm(int queries) {
    return queries == 0 ? -1 : Math.log10(queries);
  }
}
