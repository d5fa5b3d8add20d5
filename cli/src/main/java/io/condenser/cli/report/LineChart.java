package io.condenser.cli.report;

import io.condenser.cli.report.MetricsFile.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Curves over training steps, as SVG. */
public final class LineChart {
  private static final int WIDTH = 520;
  private static final int HEIGHT = 220;
  private static final int LEFT = 52;
  private static final int RIGHT = 12;
  private static final int TOP = 10;
  private static final int BOTTOM = 30;

  /** Fewer points than this are drawn as dots, too. */
  private static final int DOTTED = 30;

  /** So many colours the style sheet has; further curves take them again. */
  private static final int COLOURS = 8;

  private LineChart() {}

  /**
   * A chart.
   *
   * @param title what it shows
   * @param curves at least one, by name, none without points; a legend names them if several
   */
  public static String svg(String title, Map<String, List<Point>> curves) {
    return svg(title, curves, Map.of());
  }

  /**
   * A chart whose places along x have names.
   *
   * @param places what stands at a point's {@code step}, in place of its number
   */
  public static String svg(
      String title, Map<String, List<Point>> curves, Map<Double, String> places) {
    List<Point> all = curves.values().stream().flatMap(List::stream).toList();
    double lowest = all.stream().mapToDouble(Point::value).min().orElse(0);
    double highest = all.stream().mapToDouble(Point::value).max().orElse(1);
    double room = (highest - lowest) * 0.06;
    Axis x =
        new Axis(
            all.stream().mapToDouble(Point::step).min().orElse(0),
            all.stream().mapToDouble(Point::step).max().orElse(1),
            LEFT,
            WIDTH - RIGHT);
    // A loss or a rate is never below 0: do not leave room there.
    double floor = lowest >= 0 ? Math.max(0, lowest - room) : lowest - room;
    Axis y = new Axis(floor, highest + room, HEIGHT - BOTTOM, TOP);
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">"
            .formatted(WIDTH, HEIGHT, Html.text(title)));
    grid(svg, x, y, places);
    int number = 0;
    for (Map.Entry<String, List<Point>> curve : curves.entrySet()) {
      curve(svg, x, y, curve.getKey(), curve.getValue(), colour(number++), places);
    }
    svg.append("</svg>");
    return Html.element(
        "figure",
        "class=\"chart\"",
        Html.element("figcaption", "", Html.text(title) + legend(curves)) + svg);
  }

  private static void grid(StringBuilder svg, Axis x, Axis y, Map<Double, String> places) {
    for (Axis.Tick tick : y.ticks(4)) {
      String at = Html.px(y.pixel(tick.value()));
      svg.append(
          "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%s\" y2=\"%s\"/>"
              .formatted(LEFT, WIDTH - RIGHT, at, at));
      svg.append(
          "<text class=\"tick\" x=\"%d\" y=\"%s\" text-anchor=\"end\" dy=\"0.32em\">%s</text>"
              .formatted(LEFT - 8, at, tick.label()));
    }
    List<Axis.Tick> named =
        places.entrySet().stream().map(p -> new Axis.Tick(p.getKey(), p.getValue())).toList();
    for (Axis.Tick tick : places.isEmpty() ? x.ticks(5) : named) {
      svg.append(
          "<text class=\"tick\" x=\"%s\" y=\"%d\" text-anchor=\"middle\">%s</text>"
              .formatted(
                  Html.px(x.pixel(tick.value())), HEIGHT - BOTTOM + 18, Html.text(tick.label())));
    }
  }

  private static void curve(
      StringBuilder svg,
      Axis x,
      Axis y,
      String name,
      List<Point> points,
      String colour,
      Map<Double, String> places) {
    List<String> path = new ArrayList<>();
    for (Point point : points) {
      path.add(Html.px(x.pixel(point.step())) + "," + Html.px(y.pixel(point.value())));
    }
    svg.append(
        "<polyline class=\"line %s\" points=\"%s\"/>".formatted(colour, String.join(" ", path)));
    if (points.size() < DOTTED) {
      for (Point point : points) {
        svg.append(
            "<circle class=\"dot %s\" cx=\"%s\" cy=\"%s\" r=\"3.5\"><title>%s</title></circle>"
                .formatted(
                    colour,
                    Html.px(x.pixel(point.step())),
                    Html.px(y.pixel(point.value())),
                    Html.text(
                        "%s at %s: %s"
                            .formatted(name, place(point, places), Html.number(point.value())))));
      }
    }
  }

  private static String colour(int number) {
    return "s" + (number % COLOURS + 1);
  }

  private static String place(Point point, Map<Double, String> places) {
    String name = places.get(point.step());
    return name == null ? "step " + Html.number(point.step()) : name;
  }

  private static String legend(Map<String, List<Point>> curves) {
    StringBuilder legend = new StringBuilder("<span class=\"legend\">");
    int number = 0;
    for (Map.Entry<String, List<Point>> curve : curves.entrySet()) {
      List<Point> points = curve.getValue();
      String range =
          Html.number(points.getFirst().value()) + " → " + Html.number(points.getLast().value());
      String label = curves.size() == 1 ? range : curve.getKey() + " " + range;
      legend.append(
          "<span><i class=\"key %s\"></i>%s</span>".formatted(colour(number++), Html.text(label)));
    }
    return legend.append("</span>").toString();
  }
}
