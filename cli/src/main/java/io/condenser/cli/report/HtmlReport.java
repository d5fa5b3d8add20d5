package io.condenser.cli.report;

import io.condenser.cli.Texts;
import io.condenser.cli.report.MetricsFile.Point;
import io.condenser.cli.report.Results.Measured;
import io.condenser.evaluation.Decimals;
import io.condenser.evaluation.Measure;
import java.util.List;
import java.util.Map;

/**
 * The page about a job.
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
  /** The whole page. */
  String html() {
    return Page.html(
        title,
        headline(),
        Page.section("Results", table() + differences())
            + Page.section("Training", training())
            + Page.section("Queries", queries())
            + Page.section("What made it", ProvenanceSection.html(facts)));
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
    return Page.scrolled(html.toString())
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
    return Page.grid(plots.toString()) + Html.element("p", "class=\"note\"", note);
  }

  private String training() {
    StringBuilder html = new StringBuilder();
    curves.forEach((name, byKey) ->
        html.append(Html.element("h3", "", Html.text(name))).append(TrainingCharts.html(byKey)));
    return html.toString();
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
}
