package io.condenser.cli.ablation;

import io.condenser.cli.ablation.TableSpec.Against;
import io.condenser.evaluation.Comparison;
import io.condenser.evaluation.Measure;
import io.condenser.evaluation.Significance;
import io.condenser.storage.InputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A table that is filled: rows and columns without any result are left out.
 *
 * @param rows labels of each row's axes
 * @param columns labels of each column's axes, and its measure
 * @param entries by place, see {@link #entry}
 */
public record Table(
    TableSpec spec, List<Map<String, String>> rows, List<Column> columns, List<Entry> entries) {
  /** Corrected p values below these earn one star, two, three. */
  static final List<Double> LEVELS = List.of(0.05, 0.01, 0.001);

  public Table {
    rows = List.copyOf(rows);
    columns = List.copyOf(columns);
    entries = List.copyOf(entries);
  }

  /** A column. */
  record Column(Map<String, String> labels, Measure measure) {
    Column {
      labels = new LinkedHashMap<>(labels);
    }
  }

  /** A cell by one measure, and its test if there was one. */
  record Entry(int row, int column, Measured measured, Optional<Test> test) {
    /**
     * Stars where the cell is better, arrows down where it is worse than what it was tested
     * against; as many as levels are passed.
     */
    String marks() {
      return test.map(t -> t.marks()).orElse("");
    }
  }

  /**
   * A cell less what it was tested against.
   *
   * @param corrected the randomisation test's p value after Holm's correction over all tests of the
   *     table
   */
  record Test(Measured against, Comparison comparison, double corrected) {
    String marks() {
      long passed = LEVELS.stream().filter(level -> corrected < level).count();
      return (comparison.difference() > 0 ? "*" : "↓").repeat((int) passed);
    }
  }

  /** Fills a table from the cells that have results. */
  static Table of(
      TableSpec spec,
      Map<String, List<String>> axes,
      List<Measured> cells,
      Comparison.Tests tests) {
    List<Map<String, String>> rows = new ArrayList<>(Grid.product(axes, spec.rows()));
    rows.removeIf(row -> cells.stream().noneMatch(c -> holds(c, row, spec.where())));
    List<Column> columns = new ArrayList<>();
    for (Map<String, String> labels : Grid.product(axes, spec.columns())) {
      if (cells.stream().anyMatch(c -> holds(c, labels, spec.where()))) {
        spec.measures().forEach(measure -> columns.add(new Column(labels, measure)));
      }
    }
    List<Entry> entries = new ArrayList<>();
    for (int r = 0; r < rows.size(); r++) {
      for (int c = 0; c < columns.size(); c++) {
        Map<String, String> labels = new LinkedHashMap<>(spec.where());
        labels.putAll(rows.get(r));
        labels.putAll(columns.get(c).labels());
        int row = r;
        int column = c;
        find(cells, labels)
            .ifPresent(m -> entries.add(new Entry(row, column, m, Optional.empty())));
      }
    }
    return new Table(spec, rows, columns, tested(spec, axes, cells, columns, entries, tests));
  }

  private static boolean holds(
      Measured measured, Map<String, String> some, Map<String, String> where) {
    Map<String, String> labels = measured.cell().labels();
    return !labels.isEmpty()
        && labels.entrySet().containsAll(some.entrySet())
        && labels.entrySet().containsAll(where.entrySet());
  }

  private static Optional<Measured> find(List<Measured> cells, Map<String, String> labels) {
    return cells.stream().filter(m -> m.cell().labels().equals(labels)).findFirst();
  }

  private static List<Entry> tested(
      TableSpec spec,
      Map<String, List<String>> axes,
      List<Measured> cells,
      List<Column> columns,
      List<Entry> entries,
      Comparison.Tests tests) {
    List<Entry> plain = new ArrayList<>();
    List<Entry> compared = new ArrayList<>();
    List<Test> uncorrected = new ArrayList<>();
    for (Entry entry : entries) {
      Measured against = against(spec.compare(), axes, cells, entry.measured()).orElse(null);
      if (against == null) {
        plain.add(entry);
      } else {
        Measure measure = columns.get(entry.column()).measure();
        compared.add(entry);
        uncorrected.add(new Test(against, compare(entry.measured(), against, measure, tests), 1));
      }
    }
    double[] corrected =
        Significance.holm(
            uncorrected.stream().mapToDouble(t -> t.comparison().randomisation()).toArray());
    for (int i = 0; i < corrected.length; i++) {
      Entry e = compared.get(i);
      Test t = uncorrected.get(i);
      Test test = new Test(t.against(), t.comparison(), corrected[i]);
      plain.add(new Entry(e.row(), e.column(), e.measured(), Optional.of(test)));
    }
    return plain;
  }

  private static Comparison compare(
      Measured system, Measured against, Measure measure, Comparison.Tests tests) {
    if (!system.queries().equals(against.queries())) {
      throw new InputException(
          "%s and %s are measured over different queries, and cannot be compared"
              .formatted(system.cell().name(), against.cell().name()));
    }
    return Comparison.of(measure, against.values(measure), system.values(measure), tests);
  }

  /** What a cell is tested against: another cell with results, or nothing. */
  private static Optional<Measured> against(
      Against compare, Map<String, List<String>> axes, List<Measured> cells, Measured measured) {
    Cell cell = measured.cell();
    return switch (compare) {
      case Against.Nothing _ -> Optional.empty();
      case Against.Baseline baseline ->
          cells.stream()
              .filter(m -> m.cell().isBaseline() && m.cell().name().equals(baseline.name()))
              .findFirst();
      case Against.Labels other ->
          find(cells, cell.labelsWith(other.labels())).filter(m -> !m.cell().equals(cell));
      case Against.Previous previous -> {
        List<String> labels = axes.getOrDefault(previous.axis(), List.of());
        int place = labels.indexOf(cell.labels().get(previous.axis()));
        yield place < 1
            ? Optional.empty()
            : find(cells, cell.labelsWith(Map.of(previous.axis(), labels.get(place - 1))));
      }
    };
  }

  /** What stands at a place. */
  Optional<Entry> entry(int row, int column) {
    return entries.stream().filter(e -> e.row() == row && e.column() == column).findFirst();
  }

  /** How many tests were made, and corrected for. */
  long tests() {
    return entries.stream().filter(e -> e.test().isPresent()).count();
  }

  /** Whether nothing is larger in its column, as far as four decimals show. */
  boolean isHighest(Entry entry) {
    Measure measure = columns.get(entry.column()).measure();
    double highest =
        entries.stream()
            .filter(e -> e.column() == entry.column())
            .mapToDouble(e -> e.measured().mean(measure))
            .max()
            .orElse(0);
    return highest - entry.measured().mean(measure) < 0.00005;
  }
}
