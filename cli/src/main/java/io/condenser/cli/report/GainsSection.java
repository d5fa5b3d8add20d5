package io.condenser.cli.report;

import io.condenser.cli.Texts;
import io.condenser.cli.report.Gains.Example;
import io.condenser.evaluation.Decimals;
import io.condenser.text.Passage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Single queries on the page: how many gained and lost, and those that did most. */
final class GainsSection {
  private static final int WIDTH = 1040;
  private static final int HEIGHT = 130;
  private static final int LEFT = 52;
  private static final int TEXT = 260;

  private final Texts texts;

  GainsSection(Texts texts) {
    this.texts = texts;
  }

  /**
   * A system against a baseline.
   *
   * @param open whether the examples are in sight at once
   */
  String html(Gains gains, boolean open) {
    int queries = gains.differences().length;
    String counts =
        "%s gains on %s in %d of %d queries, loses in %d and is even in %d."
            .formatted(
                gains.system(),
                gains.baseline(),
                gains.better(),
                queries,
                gains.worse(),
                queries - gains.better() - gains.worse());
    return Html.element("p", "", Html.text(counts))
        + plot(gains)
        + examples("Largest gains", open, gains, gains.gained())
        + examples("Largest losses", open, gains, gains.lost());
  }

  /** Differences of all queries side by side, the largest loss at the left. */
  private static String plot(Gains gains) {
    double[] sorted = gains.differences();
    Axis x = new Axis(0, sorted.length, LEFT, WIDTH - 8);
    double most = Math.max(Math.abs(sorted[0]), Math.abs(sorted[sorted.length - 1]));
    Axis y = new Axis(-most, most, HEIGHT - 8, 8);
    StringBuilder svg =
        new StringBuilder(
            "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"differences by query\">"
                .formatted(WIDTH, HEIGHT));
    for (double tick : most == 0 ? List.of(0.0) : List.of(-most, 0.0, most)) {
      String at = Html.px(y.pixel(tick));
      svg.append(
          "<line class=\"%s\" x1=\"%d\" x2=\"%d\" y1=\"%s\" y2=\"%s\"/>"
              .formatted(tick == 0 ? "zero" : "grid", LEFT, WIDTH - 8, at, at));
      svg.append(
          "<text class=\"tick\" x=\"%d\" y=\"%s\" text-anchor=\"end\" dy=\"0.32em\">%s</text>"
              .formatted(LEFT - 8, at, (tick > 0 ? "+" : "") + Html.number(tick)));
    }
    area(svg, "worse", x, y, sorted, 0, (int) gains.worse());
    area(svg, "better", x, y, sorted, sorted.length - (int) gains.better(), sorted.length);
    return Html.element("figure", "class=\"chart wide\"", svg.append("</svg>").toString());
  }

  private static void area(
      StringBuilder svg, String kind, Axis x, Axis y, double[] sorted, int from, int to) {
    if (from == to) {
      return;
    }
    StringBuilder path =
        new StringBuilder("M" + Html.px(x.pixel(from)) + "," + Html.px(y.pixel(0)));
    for (int i = from; i < to; i++) {
      path.append("V").append(Html.px(y.pixel(sorted[i])));
      path.append("H").append(Html.px(x.pixel(i + 1)));
    }
    path.append("V").append(Html.px(y.pixel(0))).append("Z");
    svg.append("<path class=\"area %s\" d=\"%s\"/>".formatted(kind, path));
  }

  private String examples(String heading, boolean open, Gains gains, List<Example> examples) {
    if (examples.isEmpty()) {
      return "";
    }
    StringBuilder rows = new StringBuilder();
    for (Example example : examples) {
      rows.append(row(example));
    }
    String head =
        "<tr><th>query and the passage it wants</th><th>put first instead</th>"
            + "<th class=\"number\">rank: %s</th><th class=\"number\">%s</th></tr>"
                .formatted(Html.text(gains.baseline()), Html.text(gains.system()));
    String table =
        Html.element(
            "table",
            "class=\"examples\"",
            "<thead>" + head + "</thead><tbody>" + rows + "</tbody>");
    return Html.element(
        "details",
        open ? "open=\"open\"" : "",
        Html.element("summary", "", Html.text(heading)) + Page.scrolled(table));
  }

  private String row(Example example) {
    String query = texts.queries().getOrDefault(example.query(), example.query());
    String instead = example.poorerRank() == 1 ? "" : passage(example.instead());
    return "<tr><td><b>%s</b>%s</td><td>%s</td><td class=\"number\">%s</td><td class=\"number\">%s<small>%s %s</small></td></tr>"
        .formatted(
            Html.text(query),
            passage(example.wanted()),
            instead,
            rank(example.baselineRank()),
            rank(example.systemRank()),
            example.difference() > 0 ? "▲" : "▼",
            Decimals.signedFour(example.difference()));
  }

  private static String rank(int rank) {
    return rank == 0 ? "–" : Integer.toString(rank);
  }

  private String passage(@Nullable String id) {
    if (id == null) {
      return Html.element("p", "", "nothing");
    }
    Passage passage = texts.passages().get(id);
    String said = passage == null ? "" : (passage.title() + " · " + passage.body()).strip();
    return Html.element(
        "p",
        "title=\"" + Html.text(id) + "\"",
        Html.text(said.isEmpty() ? id : Texts.shortened(said, TEXT)));
  }
}
