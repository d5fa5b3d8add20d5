package io.condenser.cli.report;

import io.condenser.cli.Texts;
import io.condenser.cli.report.Results.Difference;
import io.condenser.cli.report.Results.Measured;
import io.condenser.evaluation.Decimals;
import java.util.List;

/** Mean differences from a baseline with their confidence intervals, a line for each system. */
final class DifferencePlot {
  private static final int WIDTH = 520;
  private static final int LEFT = 150;
  private static final int RIGHT = 70;
  private static final int ROW = 30;
  private static final int BOTTOM = 26;

  private DifferencePlot() {}

  /** The plot of the first measure against a baseline; empty if nothing was tested against it. */
  static String svg(Results results, String baseline) {
    List<Measured> systems =
        results.systems().stream()
            .filter(s -> s.against(baseline, results.first()).isPresent())
            .toList();
    if (systems.isEmpty()) {
      return "";
    }
    List<Difference> differences =
        systems.stream().map(s -> s.against(baseline, results.first()).orElseThrow()).toList();
    double low =
        differences.stream().mapToDouble(d -> d.comparison().interval().low()).min().orElse(0);
    double high =
        differences.stream().mapToDouble(d -> d.comparison().interval().high()).max().orElse(0);
    Axis x = new Axis(Math.min(0, low), Math.max(0, high), LEFT, WIDTH - RIGHT);
    int height = systems.size() * ROW + BOTTOM;
    String title = "%s less %s".formatted(results.first(), baseline);
    StringBuilder svg =
        new StringBuilder(
            "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">"
                .formatted(WIDTH, height, Html.text(title)));
    for (Axis.Tick tick : x.ticks(4)) {
      String at = Html.px(x.pixel(tick.value()));
      svg.append(
          "<line class=\"%s\" x1=\"%s\" x2=\"%s\" y1=\"0\" y2=\"%d\"/>"
              .formatted(tick.value() == 0 ? "zero" : "grid", at, at, height - BOTTOM));
      svg.append(
          "<text class=\"tick\" x=\"%s\" y=\"%d\" text-anchor=\"middle\">%s</text>"
              .formatted(at, height - 6, (tick.value() > 0 ? "+" : "") + tick.label()));
    }
    for (int i = 0; i < systems.size(); i++) {
      row(svg, x, systems.get(i).name(), differences.get(i), i * ROW + ROW / 2);
    }
    svg.append("</svg>");
    return Html.element(
        "figure", "class=\"chart\"", Html.element("figcaption", "", Html.text(title)) + svg);
  }

  private static void row(StringBuilder svg, Axis x, String system, Difference difference, int y) {
    var interval = difference.comparison().interval();
    String kind = difference.better() ? "better" : difference.worse() ? "worse" : "even";
    double mean = difference.comparison().difference();
    svg.append(
        "<text class=\"label\" x=\"%d\" y=\"%d\" text-anchor=\"end\" dy=\"0.32em\">%s</text>"
            .formatted(LEFT - 12, y, Html.text(Texts.shortened(system, 22))));
    svg.append(
        "<line class=\"interval %s\" x1=\"%s\" x2=\"%s\" y1=\"%d\" y2=\"%d\"/>"
            .formatted(
                kind, Html.px(x.pixel(interval.low())), Html.px(x.pixel(interval.high())), y, y));
    svg.append(
        "<circle class=\"dot %s\" cx=\"%s\" cy=\"%d\" r=\"5\"><title>%s</title></circle>"
            .formatted(
                kind,
                Html.px(x.pixel(mean)),
                y,
                Html.text(
                    "%s: %s, from %s to %s"
                        .formatted(
                            system,
                            Decimals.signedFour(mean),
                            Decimals.signedFour(interval.low()),
                            Decimals.signedFour(interval.high())))));
    svg.append(
        "<text class=\"tick value\" x=\"%d\" y=\"%d\" dy=\"0.32em\">%s</text>"
            .formatted(WIDTH - RIGHT + 14, y, Decimals.signedFour(mean)));
  }
}
