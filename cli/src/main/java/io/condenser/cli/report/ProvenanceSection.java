package io.condenser.cli.report;

import io.condenser.cli.Elapsed;

/** What made the results, on the page. */
public final class ProvenanceSection {
  /** More stages than these are unfolded on a click. */
  private static final int SHOWN = 40;

  private ProvenanceSection() {}

  /** Facts, stages, recipe and libraries. */
  public static String html(RunFacts facts) {
    StringBuilder html = new StringBuilder("<dl>");
    facts
        .facts()
        .forEach((name, value) ->
            html.append(Html.element("dt", "", Html.text(name)))
                .append(Html.element("dd", "", Html.text(value))));
    html.append("</dl>");
    if (!facts.steps().isEmpty()) {
      int stages = facts.steps().size();
      html.append(stages > SHOWN ? Page.folded(stages + " stages", stages(facts)) : stages(facts));
    }
    if (!facts.recipe().isBlank()) {
      html.append(Page.folded("The recipe", Html.element("pre", "", Html.text(facts.recipe()))));
    }
    if (!facts.libraries().isEmpty()) {
      String names = Html.text(String.join(", ", facts.libraries()));
      html.append(Page.folded("Libraries", Html.element("p", "class=\"note\"", names)));
    }
    return html.toString();
  }

  private static String stages(RunFacts facts) {
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
        "<thead><tr><th>stage</th><th"
            + " class=\"number\">took</th><th></th><th>settings</th></tr></thead>";
    return Page.scrolled(
        Html.element("table", "class=\"stages\"", head + "<tbody>" + rows + "</tbody>"));
  }
}
