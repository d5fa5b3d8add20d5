package io.condenser.cli.ablation;

import io.condenser.cli.ablation.Plan.Goal;
import io.condenser.evaluation.Comparison;
import io.condenser.evaluation.Measure;
import io.condenser.storage.Replacement;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What an ablation came to so far.
 *
 * @param ablation what was asked
 * @param cells those with results, baselines first, then in the order of the grid
 * @param tables filled
 * @param failures why steps failed, by their names
 */
public record AblationResults(
    Ablation ablation, List<Measured> cells, List<Table> tables, Map<String, String> failures) {
  static final String JSON_FILE = "results.json";

  /**
   * How differences are tested. As Holm's correction may multiply a p value by the number of a
   * table's comparisons, the smallest one takes more samples than a single comparison needs.
   */
  static final Comparison.Tests TESTS =
      new Comparison.Tests(
          Comparison.Tests.USUAL.confidence(), 100_000, Comparison.Tests.USUAL.seed());

  public AblationResults {
    cells = List.copyOf(cells);
    tables = List.copyOf(tables);
    failures = Map.copyOf(failures);
  }

  /** Measures the trials that are done. */
  static AblationResults of(Ablation ablation, List<Goal> done, Map<String, String> failures) {
    List<Measured> cells = new ArrayList<>();
    for (Cell cell : ablation.cells()) {
      List<Goal> own = done.stream().filter(g -> g.trial().cell().equals(cell)).toList();
      cells.addAll(Measured.of(cell, own, ablation.measures()));
    }
    List<Table> tables =
        ablation.tables().stream()
            .map(spec -> Table.of(spec, ablation.axes(), cells, TESTS))
            .toList();
    return new AblationResults(ablation, cells, tables, failures);
  }

  /** Writes the numbers and the tables into the work folder. */
  void write() {
    write(JSON_FILE, AblationJson.of(this).toPrettyString());
    write(MarkdownTables.FILE, "# " + ablation.name() + "\n\n" + MarkdownTables.of(this));
  }

  private void write(String file, String text) {
    Replacement.file(ablation.work().resolve(file), aside -> Files.writeString(aside, text + "\n"));
  }

  /** The cells beside the grid. */
  List<Measured> baselines() {
    return cells.stream().filter(m -> m.cell().isBaseline()).toList();
  }

  /** The measure that counts. */
  Measure first() {
    return ablation.measures().getFirst();
  }

  /** The seeds that were asked for. */
  List<Long> seeds() {
    return ablation.trials().stream().map(Trial::seed).distinct().toList();
  }
}
