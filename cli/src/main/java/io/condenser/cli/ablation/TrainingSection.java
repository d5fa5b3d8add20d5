package io.condenser.cli.ablation;

import io.condenser.cli.ablation.Plan.Goal;
import io.condenser.cli.report.Html;
import io.condenser.cli.report.MetricsFile;
import io.condenser.cli.report.Page;
import io.condenser.cli.report.TrainingCharts;
import io.condenser.training.MetricsLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Learning curves of the first seed's training, each named by the labels that decide it. */
final class TrainingSection {
  private final AblationResults results;
  private final List<Goal> goals;
  private final Predicate<SharedStep> finished;

  TrainingSection(AblationResults results, Plan plan, Predicate<SharedStep> finished) {
    this.results = results;
    this.finished = finished;
    long seed = results.seeds().getFirst();
    goals =
        plan.goals().stream()
            .filter(g -> g.trial().seed() == seed && !g.trial().cell().isBaseline())
            .toList();
  }

  String html() {
    Map<String, StringBuilder> byStage = new LinkedHashMap<>();
    Set<SharedStep> steps = new LinkedHashSet<>();
    goals.forEach(goal -> steps.addAll(goal.steps()));
    steps.removeIf(finished.negate());
    for (SharedStep step : steps) {
      for (Path metrics : metrics(step)) {
        String name = name(step);
        byStage
            .computeIfAbsent(step.title(), title -> new StringBuilder())
            .append(TrainingCharts.figures(name, MetricsFile.read(metrics)));
      }
    }
    StringBuilder html = new StringBuilder();
    byStage.forEach((title, figures) ->
        html.append(Page.folded(Html.text(title), Page.grid(figures.toString()))));
    return html.toString();
  }

  private static List<Path> metrics(SharedStep step) {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(step.folder())) {
      try (DirectoryStream<Path> folders = Files.newDirectoryStream(step.folder(), "*-training")) {
        for (Path folder : folders) {
          Path file = folder.resolve(MetricsLog.FILE);
          if (Files.exists(file)) {
            found.add(file);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read " + step.folder(), e);
      }
    }
    return found;
  }

  /** The labels that all cells behind which the step stands have in common. */
  private String name(SharedStep step) {
    List<Cell> cells =
        goals.stream().filter(g -> g.steps().contains(step)).map(g -> g.trial().cell()).toList();
    List<String> common = new ArrayList<>();
    results
        .ablation()
        .axes()
        .forEach((axis, labels) -> {
          Set<String> own = new LinkedHashSet<>();
          cells.forEach(cell -> own.add(cell.labels().getOrDefault(axis, "")));
          if (own.size() == 1 && labels.size() > 1) {
            common.addAll(own);
          }
        });
    return common.isEmpty() ? "" : String.join(" · ", common) + ": ";
  }
}
