package io.condenser.cli.report;

import io.condenser.cli.Elapsed;
import io.condenser.cli.report.MetricsFile.Point;
import io.condenser.cli.report.Results.Measured;
import io.condenser.evaluation.Decimals;
import io.condenser.evaluation.Measure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The page. It is XML as well as HTML, loads nothing (its own policy forbids it), and follows the
 * reader's preference for light or dark.
 *
 * @param title of the page
 * @param results the table
 * @param published lines about published figures
 * @param curves of each training run, by its name
 * @param gains of the best system on each baseline
 * @param texts what the examples in {@code gains} say
 * @param facts what made it
 */
record HtmlReport(
    String title,
    Results results,
    List<String> published,
    Map<String, Map<String, List<Point>>> curves,
    List<Gains> gains,
    Texts texts,
    RunFacts facts) {
  /** Curves that are parts of one sum share a chart. */
  private static final Set<String> LOSSES =
      Set.of("loss", "mlm", "late_mlm", "head_mlm", "contrastive");

  private static final Set<String> TECHNICAL =
      Set.of("gradient_norm", "learning_rate", "lr", "rows_per_second", "seconds");

  /** The whole page. */
  String html() {
    String head =
        "<meta charset=\"utf-8\"/>"
            + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>"
            + "<meta name=\"color-scheme\" content=\"light dark\"/>"
            + "<meta http-equiv=\"Content-Security-Policy\""
            + " content=\"default-src 'none'; style-src 'unsafe-inline'\"/>"
            + Html.element("title", "", Html.text(title))
            + Html.element("style", "", style());
    return "<!DOCTYPE html>\n<html lang=\"en\"><head>"
        + head
        + "</head>\n<body><main>\n"
        + Html.element("h1", "", Html.text(title))
        + Html.element("p", "class=\"lead\"", Html.text(headline()))
        + section("Results", table() + differences())
        + section("Training", training())
        + section("Queries", queries())
        + section("What made it", provenance())
        + "</main></body></html>\n";
  }

  private static String section(String heading, String html) {
    return html.isEmpty()
        ? ""
        : Html.element("section", "", Html.element("h2", "", heading) + html) + "\n";
  }

  private static String style() {
    try (InputStream css = HtmlReport.class.getResourceAsStream("report.css")) {
      if (css == null) {
        throw new IllegalStateException("report.css is missing from the jar");
      }
      return new String(css.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The result in one sentence. */
  private String headline() {
    Measured best = results.best().orElse(null);
    if (best == null) {
      return "Means over %d queries.".formatted(results.queries());
    }
    StringBuilder said =
        new StringBuilder(
            "%s reaches %s %s over %d queries"
                .formatted(
                    best.name(),
                    results.first(),
                    Decimals.four(best.evaluation().mean(results.first())),
                    results.queries()));
    for (String baseline : results.baselines()) {
      best.against(baseline, results.first())
          .ifPresent(d ->
              said.append(
                  "; %s over %s (p\u00a0%s)"
                      .formatted(
                          Decimals.signedFour(d.comparison().difference()),
                          baseline,
                          p(d.corrected()))));
    }
    return said.append('.').toString();
  }

  private static String p(double p) {
    return p < 0.001 ? "<\u00a00.001" : "=\u00a0" + Html.number(Math.round(p * 1000) / 1000.0);
  }

  private String table() {
    StringBuilder html = new StringBuilder("<table><thead><tr><th></th>");
    for (Measure measure : results.measures()) {
      html.append("<th class=\"number\">").append(measure).append("</th>");
    }
    html.append("</tr></thead><tbody>");
    for (Measured system : results.systems()) {
      boolean baseline = results.baselines().contains(system.name());
      String letter = baseline ? " <small>" + results.letter(system.name()) + "</small>" : "";
      html.append("<tr><th scope=\"row\">").append(Html.text(system.name())).append(letter);
      html.append("</th>");
      results.measures().forEach(measure -> html.append(cell(system, measure)));
      html.append("</tr>");
    }
    html.append("</tbody></table>");
    return GainsSection.scrolled(html.toString())
        + Html.element("p", "class=\"note\"", Html.text(ResultsText.legend(results)))
        + figures();
  }

  private String figures() {
    StringBuilder items = new StringBuilder();
    published.forEach(line -> items.append(Html.element("li", "", Html.text(line))));
    return items.isEmpty()
        ? ""
        : Html.element("p", "class=\"note\"", "Published:")
            + Html.element("ul", "class=\"note\"", items.toString());
  }

  private String cell(Measured system, Measure measure) {
    String mean = Decimals.four(system.evaluation().mean(measure));
    String lost = results.lostTo(system, measure);
    String marks = results.beaten(system, measure) + (lost.isEmpty() ? "" : "−" + lost);
    return "<td class=\"number%s\">%s<sup>%s</sup></td>"
        .formatted(results.isHighest(system, measure) ? " best" : "", mean, marks);
  }

  private String differences() {
    StringBuilder plots = new StringBuilder();
    results.baselines().forEach(baseline -> plots.append(DifferencePlot.svg(results, baseline)));
    if (plots.isEmpty()) {
      return "";
    }
    String note =
        "Mean difference per query with its %s\u00a0%% interval; coloured where significant."
            .formatted(Html.number(100 * results.tests().confidence()));
    return grid(plots.toString()) + Html.element("p", "class=\"note\"", note);
  }

  private static String grid(String figures) {
    return Html.element("div", "class=\"grid-of-charts\"", figures);
  }

  private String training() {
    StringBuilder html = new StringBuilder();
    curves.forEach((name, byKey) ->
        html.append(Html.element("h3", "", Html.text(name))).append(charts(byKey)));
    return html.toString();
  }

  /** Losses and measures in sight; what only matters where something went wrong is folded. */
  private static String charts(Map<String, List<Point>> byKey) {
    Map<String, List<Point>> losses = new LinkedHashMap<>(byKey);
    losses.keySet().retainAll(LOSSES);
    StringBuilder seen = new StringBuilder();
    if (!losses.isEmpty()) {
      seen.append(LineChart.svg("loss by step", losses));
    }
    StringBuilder folded = new StringBuilder();
    byKey.forEach((key, points) -> {
      if (!LOSSES.contains(key)) {
        String chart = LineChart.svg(key.replace('_', ' ') + " by step", Map.of(key, points));
        (TECHNICAL.contains(key) ? folded : seen).append(chart);
      }
    });
    String rest = folded.isEmpty() ? "" : folded("Speed and step sizes", grid(folded.toString()));
    return grid(seen.toString()) + rest;
  }

  private String queries() {
    GainsSection section = new GainsSection(texts);
    StringBuilder html = new StringBuilder();
    for (Gains one : gains) {
      boolean open = html.isEmpty(); // the first baseline's; the others' can be unfolded
      String heading = "%s against %s, %s".formatted(one.system(), one.baseline(), results.first());
      html.append(Html.element("h3", "", Html.text(heading))).append(section.html(one, open));
    }
    return html.toString();
  }

  private String provenance() {
    StringBuilder html = new StringBuilder("<dl>");
    facts
        .facts()
        .forEach((name, value) ->
            html.append(Html.element("dt", "", Html.text(name)))
                .append(Html.element("dd", "", Html.text(value))));
    html.append("</dl>");
    if (!facts.steps().isEmpty()) {
      html.append(stages());
    }
    if (!facts.recipe().isBlank()) {
      html.append(folded("The recipe", Html.element("pre", "", Html.text(facts.recipe()))));
    }
    if (!facts.libraries().isEmpty()) {
      String names = Html.text(String.join(", ", facts.libraries()));
      html.append(folded("Libraries", Html.element("p", "class=\"note\"", names)));
    }
    return html.toString();
  }

  private String stages() {
    double total = facts.steps().stream().mapToDouble(RunFacts.Step::seconds).sum();
    StringBuilder rows = new StringBuilder();
    for (RunFacts.Step step : facts.steps()) {
      StringBuilder settings = new StringBuilder();
      step.settings()
          .forEach((name, value) ->
              settings.append(
                  "<span><b>%s</b> %s</span> ".formatted(Html.text(name), Html.text(value))));
      rows.append(
          "<tr><th scope=\"row\">%s</th><td class=\"number\">%s</td><td class=\"bar\"><i style=\"width:%s%%\"></i></td><td class=\"settings\">%s</td></tr>"
              .formatted(
                  Html.text(step.name()),
                  Elapsed.of(step.seconds()),
                  Html.px(total == 0 ? 0 : 100 * step.seconds() / total),
                  settings));
    }
    String head =
        "<thead><tr><th>stage</th><th class=\"number\">took</th><th></th><th>settings</th></tr></thead>";
    return GainsSection.scrolled(
        Html.element("table", "class=\"stages\"", head + "<tbody>" + rows + "</tbody>"));
  }

  private static String folded(String summary, String html) {
    return Html.element("details", "", Html.element("summary", "", summary) + html);
  }
}
