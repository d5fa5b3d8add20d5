package io.condenser.cli.ablation;

import io.condenser.cli.StageType;
import io.condenser.cli.ablation.Ablation.Keep;
import io.condenser.cli.ablation.Trial.Wanted;
import io.condenser.cli.recipe.Recipe;
import io.condenser.cli.recipe.RecipeReader;
import io.condenser.cli.recipe.Variables;
import io.condenser.cli.recipe.YamlPart;
import io.condenser.evaluation.Measure;
import io.condenser.storage.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads ablations. {@code docs/ablations.md} describes the format; whatever is not in it is refused
 * by name, with file and line, before anything runs.
 */
public final class AblationReader {
  static final String SEED = "seed";

  private static final String SIZES = "sizes";
  private static final List<String> KEYS =
      List.of(
          "name",
          "description",
          "recipe",
          "variables",
          "stages",
          "seeds",
          "grid",
          "exclude",
          "include",
          "baselines",
          "results",
          "tables",
          "curves",
          "keep",
          SIZES);
  private static final List<String> RESULT_KEYS =
      List.of("run", "qrels", "measures", "training-qrels", "queries", "corpus");
  private static final String MEASURES = "RR@10 R@100 nDCG@10";

  private final RecipeReader recipes;

  /** A reader that knows these kinds of stages. */
  public AblationReader(List<StageType> types) {
    recipes = new RecipeReader(types);
  }

  /**
   * Reads an ablation.
   *
   * @param file the YAML file
   * @param given values for variables, in place of those written
   * @throws InputException if anything in it is not as it should be
   */
  public Ablation read(Path file, Map<String, String> given) {
    String text = RecipeReader.content(file);
    YamlPart whole = YamlPart.parse(file, text);
    Map<String, YamlPart> keys = whole.mapping("the ablation", KEYS);
    Template template = Template.of(whole, keys);
    Grid grid = Grid.read(required(whole, keys, "grid"));
    Map<String, Map<String, YamlPart>> baselines = baselines(keys, grid);
    refuseReserved(keys, grid, baselines.values(), given);
    YamlPart results = required(whole, keys, "results");
    Map<String, YamlPart> resultKeys = results.mapping("results", RESULT_KEYS);
    List<Measure> measures = Specs.measures(resultKeys.get("measures"), MEASURES);
    Specs specs = new Specs(grid, measures, baselines.keySet());
    List<Trial> trials = new ArrayList<>();
    for (long seed : seeds(required(whole, keys, "seeds"))) {
      Map<String, String> seeded = new LinkedHashMap<>(given);
      seeded.put(SEED, Long.toString(seed));
      baselines.forEach((name, set) -> {
        Map<String, YamlPart> own = template.variables();
        set.forEach((variable, value) -> Grid.replace(own, variable, value));
        trials.add(trial(new Cell(name, Map.of()), seed, template, own, seeded, results));
      });
      for (Map<String, String> combination : chosen(keys, grid)) {
        Map<String, YamlPart> own = template.variables();
        grid.overlay(own, combination);
        trials.add(trial(Cell.of(combination), seed, template, own, seeded, results));
      }
    }
    return new Ablation(
        file,
        text,
        required(whole, keys, "name").text("name"),
        keys.containsKey("description")
            ? required(whole, keys, "description").text("description").strip()
            : "",
        trials.getFirst().recipe().work(),
        grid.labels(),
        trials,
        keep(keys.get("keep")),
        measures,
        specs.tables(keys.get("tables")),
        specs.curves(keys.get("curves")));
  }

  /**
   * What the trials share.
   *
   * @param own variables, before the grid sets some of them
   * @param sizes of what is not there yet, or null
   */
  private record Template(
      Path file, YamlPart stages, Map<String, YamlPart> own, @Nullable YamlPart sizes) {
    static Template of(YamlPart whole, Map<String, YamlPart> keys) {
      Map<String, YamlPart> set =
          keys.containsKey("variables")
              ? required(whole, keys, "variables").mapping("variables")
              : Map.of();
      YamlPart recipe = keys.get("recipe");
      if (recipe == null) {
        return new Template(whole.file(), required(whole, keys, "stages"), set, keys.get(SIZES));
      }
      if (keys.containsKey("stages")) {
        throw recipe.error("both 'recipe:' and 'stages:'; expected the stages in one place");
      }
      Path file = whole.file().resolveSibling(recipe.text("recipe"));
      YamlPart other = YamlPart.parse(file, RecipeReader.content(file));
      Map<String, YamlPart> its = template(other);
      Map<String, YamlPart> own =
          new LinkedHashMap<>(required(other, its, "variables").mapping("variables"));
      set.forEach((name, value) -> Grid.replace(own, name, value));
      YamlPart sizes = keys.getOrDefault(SIZES, its.get(SIZES));
      return new Template(file, required(other, its, "stages"), own, sizes);
    }

    /** A recipe's keys, or another ablation's. */
    private static Map<String, YamlPart> template(YamlPart other) {
      return other.mapping("the recipe").containsKey("grid")
          ? other.mapping("the ablation", KEYS)
          : other.mapping("the recipe", RecipeReader.KEYS);
    }

    Map<String, YamlPart> variables() {
      return new LinkedHashMap<>(own);
    }
  }

  private Trial trial(
      Cell cell,
      long seed,
      Template template,
      Map<String, YamlPart> own,
      Map<String, String> given,
      YamlPart results) {
    for (String name : List.of(Recipe.WORK, SEED)) {
      if (!own.containsKey(name)) {
        throw InputException.in(
            template.file(), "no variable '%s'; an ablation needs it".formatted(name));
      }
    }
    Variables variables = new Variables(template.file(), own, given);
    Recipe recipe =
        new Recipe(
            template.file(),
            "",
            cell.name(),
            "",
            variables.values(),
            recipes.steps(template.stages(), variables),
            List.of(),
            template.sizes() == null ? Map.of() : RecipeReader.sizes(template.sizes(), variables));
    Map<String, YamlPart> keys = results.mapping("results", RESULT_KEYS);
    return new Trial(
        cell,
        seed,
        recipe,
        new Wanted(
            path(required(results, keys, "run"), "run", variables),
            path(required(results, keys, "qrels"), "qrels", variables),
            optional(keys, "training-qrels", variables),
            optional(keys, "queries", variables),
            optional(keys, "corpus", variables)));
  }

  private static @Nullable Path optional(
      Map<String, YamlPart> keys, String key, Variables variables) {
    YamlPart part = keys.get(key);
    return part == null ? null : path(part, key, variables);
  }

  private static Path path(YamlPart part, String what, Variables variables) {
    return Path.of(variables.replaced(part, part.text(what)));
  }

  private static void refuseReserved(
      Map<String, YamlPart> keys,
      Grid grid,
      Collection<Map<String, YamlPart>> baselines,
      Map<String, String> given) {
    Set<String> set = new HashSet<>(grid.variables());
    baselines.forEach(baseline -> set.addAll(baseline.keySet()));
    for (String name : List.of(Recipe.WORK, SEED)) {
      if (set.contains(name)) {
        throw there(keys, grid.variables().contains(name) ? "grid" : "baselines")
            .error("'%s' is set here, which is the same for a whole trial".formatted(name));
      }
    }
    for (String name : given.keySet()) {
      if (name.equals(SEED) || set.contains(name)) {
        throw new InputException(
            "--set %s=…: the ablation itself gives '%s' its values".formatted(name, name));
      }
    }
  }

  private static Map<String, Map<String, YamlPart>> baselines(
      Map<String, YamlPart> keys, Grid grid) {
    Map<String, Map<String, YamlPart>> baselines = new LinkedHashMap<>();
    YamlPart part = keys.get("baselines");
    if (part != null) {
      part.mapping("baselines")
          .forEach((name, set) -> {
            if (grid.axes().containsKey(name)) {
              throw set.error("'%s' is an axis; expected another name".formatted(name));
            }
            if (grid.labels().values().stream().anyMatch(labels -> labels.contains(name))) {
              throw set.error("'%s' is a label, too; expected another name".formatted(name));
            }
            baselines.put(name, set.mapping("baseline " + name));
          });
    }
    return baselines;
  }

  private static List<Map<String, String>> chosen(Map<String, YamlPart> keys, Grid grid) {
    List<Grid.Selection> left = selections(keys.get("exclude"), grid);
    List<Grid.Selection> back = selections(keys.get("include"), grid);
    List<Map<String, String>> chosen =
        grid.combinations().stream()
            .filter(c ->
                left.stream().noneMatch(s -> s.holds(c)) || back.stream().anyMatch(s -> s.holds(c)))
            .toList();
    if (chosen.isEmpty()) {
      throw there(keys, "exclude").error("no combination of the grid is left");
    }
    return chosen;
  }

  private static List<Grid.Selection> selections(@Nullable YamlPart part, Grid grid) {
    return part == null
        ? List.of()
        : part.sequence("a list of selections").stream().map(grid::selection).toList();
  }

  private static Set<Long> seeds(YamlPart part) {
    Set<Long> seeds = new LinkedHashSet<>();
    for (String text : part.texts("seeds")) {
      try {
        if (!seeds.add(Long.valueOf(text))) {
          throw part.error("seed %s twice".formatted(text));
        }
      } catch (NumberFormatException e) {
        throw part.error("seed '%s'; expected whole numbers, like [1, 2, 3]".formatted(text));
      }
    }
    if (seeds.isEmpty()) {
      throw part.error("no seeds; expected whole numbers, like [1, 2, 3]");
    }
    return seeds;
  }

  private static Keep keep(@Nullable YamlPart part) {
    if (part == null) {
      return Keep.RESULTS;
    }
    String text = part.text("keep");
    return switch (text) {
      case "results" -> Keep.RESULTS;
      case "all" -> Keep.ALL;
      default -> throw part.error("keep: '%s'; expected results or all".formatted(text));
    };
  }

  static YamlPart required(YamlPart of, Map<String, YamlPart> keys, String key) {
    YamlPart part = keys.get(key);
    if (part == null) {
      throw of.error("no '" + key + ":'");
    }
    return part;
  }

  private static YamlPart there(Map<String, YamlPart> keys, String key) {
    return Objects.requireNonNull(keys.get(key), key);
  }
}
