package io.condenser.cli.ablation;

import io.condenser.cli.ablation.Plan.Goal;
import io.condenser.cli.ablation.Table.Entry;
import io.condenser.cli.report.Html;
import io.condenser.cli.report.Page;
import io.condenser.cli.report.PairOfRuns;
import io.condenser.cli.report.ProvenanceSection;
import io.condenser.cli.report.RunFacts;
import io.condenser.evaluation.Measure;
import io.condenser.evaluation.Qrels;
import io.condenser.evaluation.Run;
import io.condenser.storage.Replacement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The page: tables, charts, curves of training, single queries, and what made it all. */
final class AblationPage {
  static final String FILE = "report.html";

  private final AblationResults results;
  private final Plan plan;
  private final Predicate<SharedStep> finished;
  private final TableTexts texts;

  /**
   * The page.
   *
   * @param finished tells the steps that finished once, whatever became of their outputs
   */
  AblationPage(AblationResults results, Plan plan, Predicate<SharedStep> finished) {
    this.results = results;
    this.plan = plan;
    this.finished = finished;
    this.texts = new TableTexts(results);
  }

  void write() {
    Replacement.file(
        results.ablation().work().resolve(FILE), aside -> Files.writeString(aside, html()));
  }

  String html() {
    Path record = results.ablation().work().resolve("run.json");
    RunFacts facts = RunFacts.read(Files.exists(record) ? record : null);
    return Page.html(
        results.ablation().name(),
        results.ablation().description(),
        Page.section("Results", tables())
            + Page.section("Curves", Curves.html(results))
            + Page.section("Training", new TrainingSection(results, plan, finished).html())
            + Page.section("Queries", queries())
            + Page.section("What failed", failures())
            + Page.section("What made it", ProvenanceSection.html(facts)));
  }

  private String tables() {
    StringBuilder html = new StringBuilder();
    if (!results.baselines().isEmpty()) {
      html.append(Html.element("h3", "", "Baselines")).append(baselines());
    }
    for (Table table : results.tables()) {
      html.append(Html.element("h3", "", Html.text(texts.title(table)))).append(table(table));
      html.append(note(texts.legend(table)));
    }
    return html.append(note(texts.means())).toString();
  }

  private static String note(String text) {
    return text.isEmpty() ? "" : Html.element("p", "class=\"note\"", Html.text(text));
  }

  private String baselines() {
    StringBuilder head = new StringBuilder("<th></th>");
    StringBuilder rows = new StringBuilder();
    results.ablation().measures().forEach(m -> head.append(numberHead(m.toString())));
    for (Measured baseline : results.baselines()) {
      rows.append("<tr>").append(rowHead(baseline.cell().name()));
      for (Measure measure : results.ablation().measures()) {
        rows.append(number(texts.number(baseline, measure), "", false));
      }
      rows.append("</tr>");
    }
    return table(head.toString(), rows.toString());
  }

  private String table(Table table) {
    StringBuilder head = new StringBuilder();
    table.spec().rows().forEach(axis -> head.append(Html.element("th", "", Html.text(axis))));
    table.columns().forEach(column -> head.append(numberHead(texts.head(table, column))));
    StringBuilder rows = new StringBuilder();
    for (int r = 0; r < table.rows().size(); r++) {
      rows.append("<tr>");
      TableTexts.row(table, r).forEach(label -> rows.append(rowHead(label)));
      for (int c = 0; c < table.columns().size(); c++) {
        Optional<Entry> entry = table.entry(r, c);
        Measure measure = table.columns().get(c).measure();
        rows.append(
            entry
                .map(
                    e -> number(texts.number(e.measured(), measure), e.marks(), table.isHighest(e)))
                .orElseGet(() -> number("–", "", false)));
      }
      rows.append("</tr>");
    }
    return table(head.toString(), rows.toString());
  }

  private static String table(String head, String rows) {
    return Page.scrolled(
        "<table><thead><tr>%s</tr></thead><tbody>%s</tbody></table>".formatted(head, rows));
  }

  private static String numberHead(String text) {
    return Html.element("th", "class=\"number\"", Html.text(text));
  }

  private static String rowHead(String text) {
    return Html.element("th", "scope=\"row\"", Html.text(text));
  }

  private static String number(String text, String marks, boolean best) {
    return "<td class=\"number%s\">%s<sup>%s</sup></td>"
        .formatted(best ? " best" : "", Html.text(text), marks);
  }

  /** Of each table with tests the best cell against what it was tested against, by one seed. */
  private String queries() {
    StringBuilder html = new StringBuilder();
    for (Table table : results.tables()) {
      table.entries().stream()
          .filter(entry -> entry.test().isPresent())
          .filter(entry -> measure(table, entry).equals(table.spec().measures().getFirst()))
          .max(Comparator.comparingDouble(e -> e.measured().mean(measure(table, e))))
          .ifPresent(entry -> html.append(gains(entry, measure(table, entry))));
    }
    return html.toString();
  }

  private static Measure measure(Table table, Entry entry) {
    return table.columns().get(entry.column()).measure();
  }

  private static String gains(Entry entry, Measure measure) {
    Measured against = entry.test().orElseThrow().against();
    Goal system = entry.measured().observations().getFirst().goal();
    Goal baseline =
        against.observations().stream()
            .map(Measured.Observation::goal)
            .filter(goal -> goal.trial().seed() == system.trial().seed())
            .findFirst()
            .orElse(against.observations().getFirst().goal());
    PairOfRuns pair =
        new PairOfRuns(
            against.cell().name(),
            Run.read(baseline.wanted().run()),
            entry.measured().cell().name(),
            Run.read(system.wanted().run()));
    String heading =
        "%s against %s, %s, seed %d"
            .formatted(pair.system(), pair.baseline(), measure, system.trial().seed());
    return Html.element("h3", "", Html.text(heading))
        + pair.html(
            Qrels.read( // judge-answers judges what is ranked: each run's own ranks
                Stream.of(baseline, system).map(goal -> goal.wanted().qrels()).distinct().toList()),
            measure,
            system.wanted().queries(),
            system.wanted().corpus());
  }

  private String failures() {
    StringBuilder html = new StringBuilder();
    results
        .failures()
        .forEach((step, reason) ->
            html.append(Html.element("h3", "", Html.text(step)))
                .append(Html.element("pre", "", Html.text(reason))));
    return html.toString();
  }
}
