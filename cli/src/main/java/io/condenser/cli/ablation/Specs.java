package io.condenser.cli.ablation;

import io.condenser.cli.Nearest;
import io.condenser.cli.ablation.TableSpec.Against;
import io.condenser.cli.recipe.YamlPart;
import io.condenser.evaluation.Measure;
import io.condenser.storage.InputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads which tables and charts are asked for. */
final class Specs {
  private static final List<String> TABLE_KEYS =
      List.of("title", "rows", "columns", "measures", "where", "compare");
  private static final List<String> CURVE_KEYS = List.of("title", "x", "lines", "measure", "where");
  private static final String PREVIOUS = "previous";

  private final Grid grid;
  private final List<Measure> measures;
  private final Set<String> baselines;

  Specs(Grid grid, List<Measure> measures, Set<String> baselines) {
    this.grid = grid;
    this.measures = measures;
    this.baselines = baselines;
  }

  /** Measures in ir-measures' names, blanks between. */
  static List<Measure> measures(@Nullable YamlPart part, String byDefault) {
    try {
      return Measure.parseAll(part == null ? byDefault : String.join(" ", part.texts("measures")));
    } catch (InputException e) {
      throw part == null ? e : part.error(String.valueOf(e.getMessage()));
    }
  }

  /** Without any asked for, one of all cells and measures. */
  List<TableSpec> tables(@Nullable YamlPart part) {
    if (part == null) {
      List<String> rows = List.copyOf(grid.axes().keySet());
      return List.of(
          new TableSpec("Results", rows, List.of(), measures, Map.of(), new Against.Nothing()));
    }
    return part.sequence("tables").stream().map(this::table).toList();
  }

  private TableSpec table(YamlPart part) {
    Map<String, YamlPart> keys = part.mapping("a table", TABLE_KEYS);
    List<String> rows = axes(keys.get("rows"), "rows");
    List<String> columns = axes(keys.get("columns"), "columns");
    List<String> shown = new ArrayList<>(rows);
    shown.addAll(columns);
    String title = AblationReader.required(part, keys, "title").text("title");
    return new TableSpec(
        title,
        rows,
        columns,
        shownMeasures(keys.get("measures")),
        where(part, keys.get("where"), shown, title),
        compare(keys.get("compare")));
  }

  List<CurveSpec> curves(@Nullable YamlPart part) {
    return part == null ? List.of() : part.sequence("curves").stream().map(this::curve).toList();
  }

  private CurveSpec curve(YamlPart part) {
    Map<String, YamlPart> keys = part.mapping("a curve", CURVE_KEYS);
    List<String> x = axes(AblationReader.required(part, keys, "x"), "x");
    if (x.size() != 1) {
      throw part.error("x has %d axes; expected one".formatted(x.size()));
    }
    List<String> lines = axes(keys.get("lines"), "lines");
    List<String> shown = new ArrayList<>(lines);
    shown.addAll(x);
    String title = AblationReader.required(part, keys, "title").text("title");
    return new CurveSpec(
        title,
        x.getFirst(),
        lines,
        shownMeasures(keys.get("measure")).getFirst(),
        where(part, keys.get("where"), shown, title));
  }

  private List<Measure> shownMeasures(@Nullable YamlPart part) {
    if (part == null) {
      return List.of(measures.getFirst());
    }
    List<Measure> shown = measures(part, "");
    if (!measures.containsAll(shown)) {
      throw part.error("%s; expected some of the results' measures %s".formatted(shown, measures));
    }
    return shown;
  }

  private List<String> axes(@Nullable YamlPart part, String what) {
    if (part == null) {
      return List.of();
    }
    List<String> axes = part.texts(what);
    axes.forEach(axis -> requireAxis(part, axis));
    return axes;
  }

  private void requireAxis(YamlPart part, String axis) {
    if (!grid.axes().containsKey(axis)) {
      throw part.error("no axis '%s'%s".formatted(axis, Nearest.hint(axis, grid.axes().keySet())));
    }
  }

  /** The labels of the axes that are not shown; an axis of one label has no choice. */
  private Map<String, String> where(
      YamlPart spec, @Nullable YamlPart part, List<String> shown, String title) {
    Map<String, String> where = new LinkedHashMap<>();
    if (part != null) {
      part.mapping("where")
          .forEach((axis, label) -> {
            grid.requireLabel(label, axis, label.text(axis));
            where.put(axis, label.text(axis));
          });
    }
    grid.labels()
        .forEach((axis, labels) -> {
          boolean fixed = where.containsKey(axis);
          if (!shown.contains(axis) && !fixed && labels.size() == 1) {
            where.put(axis, labels.getFirst());
          } else if (shown.stream().filter(axis::equals).count() + (fixed ? 1 : 0) != 1) {
            throw spec.error(
                "%s: axis '%s' is shown or fixed %s; expected each axis once, in the table or in 'where: {%s: …}'"
                    .formatted(
                        title, axis, fixed || shown.contains(axis) ? "twice" : "nowhere", axis));
          }
        });
    return where;
  }

  private Against compare(@Nullable YamlPart part) {
    if (part == null) {
      return new Against.Nothing();
    }
    if (part.node() instanceof ScalarNode) {
      String name = part.text("compare");
      if (!baselines.contains(name)) {
        throw part.error(
            "compare: no baseline '%s'%s; or 'compare: {axis: label}', or '{axis: previous}'"
                .formatted(name, Nearest.hint(name, baselines)));
      }
      return new Against.Baseline(name);
    }
    Map<String, String> labels = new LinkedHashMap<>();
    part.mapping("compare").forEach((axis, label) -> labels.put(axis, label.text(axis)));
    if (labels.size() == 1 && labels.containsValue(PREVIOUS)) {
      String axis = labels.keySet().iterator().next();
      requireAxis(part, axis);
      return new Against.Previous(axis);
    }
    labels.forEach((axis, label) -> grid.requireLabel(part, axis, label));
    return new Against.Labels(labels);
  }
}
