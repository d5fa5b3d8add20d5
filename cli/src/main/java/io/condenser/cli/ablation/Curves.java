package io.condenser.cli.ablation;

import io.condenser.cli.report.LineChart;
import io.condenser.cli.report.MetricsFile.Point;
import io.condenser.cli.report.Page;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
    Map<Double, String> places = new TreeMap<>();
    Map<String, List<Point>> curves = new LinkedHashMap<>();
    boolean counted =
        results.cells().stream()
            .filter(m -> m.cell().labels().entrySet().containsAll(spec.where().entrySet()))
            .filter(m -> !m.cell().isBaseline())
            .allMatch(m -> m.trainingQueries() >= 0);
    List<String> labels = axes.getOrDefault(spec.x(), List.of());
    for (Map<String, String> line : Grid.product(axes, spec.lines())) {
      List<Point> points = new ArrayList<>();
      for (int i = 0; i < labels.size(); i++) {
        Map<String, String> wanted = new LinkedHashMap<>(spec.where());
        wanted.putAll(line);
        wanted.put(spec.x(), labels.get(i));
        Optional<Measured> cell =
            results.cells().stream().filter(m -> m.cell().labels().equals(wanted)).findFirst();
        if (cell.isPresent()) {
          int queries = cell.get().trainingQueries();
          double x = counted ? logarithm(queries) : i;
          places.put(x, counted ? String.format(Locale.ROOT, "%,d", queries) : labels.get(i));
          points.add(new Point(x, cell.get().mean(spec.measure())));
        }
      }
      if (!points.isEmpty()) {
        curves.put(line.isEmpty() ? spec.title() : String.join(" · ", line.values()), points);
      }
    }
    String by = counted ? "training queries" : spec.x();
    return curves.isEmpty()
        ? ""
        : LineChart.svg("%s: %s by %s".formatted(spec.title(), spec.measure(), by), curves, places);
  }

  /** Tenfold steps are of one length; no queries at all stand a step before one. */
  private static double logarithm(int queries) {
    return queries == 0 ? -1 : Math.log10(queries);
  }
}
