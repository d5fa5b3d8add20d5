package io.condenser.cli.recipe;

import io.condenser.cli.Given;
import io.condenser.cli.Nearest;
import io.condenser.cli.StageType;
import io.condenser.cli.plan.Size;
import io.condenser.cli.recipe.Recipe.Expectation;
import io.condenser.cli.recipe.Recipe.Step;
import io.condenser.evaluation.Measure;
import io.condenser.storage.InputException;
import io.condenser.storage.Lines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads recipes. {@code docs/recipes.md} describes the format; whatever is not in it is refused by
 * name, with file and line, before anything runs.
 */
public final class RecipeReader {
  private static final String MINIATURE = "miniature";

  /** What a recipe may hold. */
  public static final List<String> KEYS =
      List.of("name", "description", "variables", "stages", "expect", "sizes", MINIATURE);

  private static final List<String> SIZE_KEYS =
      List.of("records", "tokens", "documents", "layers", "hidden");
  private static final List<String> EXPECT_KEYS = List.of("run", "qrels", "measures", "tolerance");
  private static final String AS = "as";
  private static final double TOLERANCE = 0.005;

  private final Map<String, StageType> types;

  /** A reader that knows these kinds of stages. */
  public RecipeReader(List<StageType> types) {
    this.types =
        types.stream()
            .collect(Collectors.toMap(StageType::name, t -> t, (a, b) -> a, LinkedHashMap::new));
  }

  /**
   * Reads a recipe.
   *
   * @param file the YAML file
   * @param given values for the recipe's variables, in place of its own
   * @throws InputException if anything in it is not as it should be
   */
  public Recipe read(Path file, Map<String, String> given) {
    return read(file, given, false);
  }

  /**
   * Reads a recipe's {@code miniature}: the same stages on small data. What the recipe expects to
   * measure is left out.
   *
   * @param file the YAML file
   * @param given values for variables, in place of the miniature's and the recipe's own
   * @throws InputException if there is no miniature, or anything is not as it should be
   */
  public Recipe miniature(Path file, Map<String, String> given) {
    return read(file, given, true);
  }

  private Recipe read(Path file, Map<String, String> given, boolean small) {
    String text = content(file);
    Map<String, YamlPart> keys = YamlPart.parse(file, text).mapping("the recipe", KEYS);
    Map<String, YamlPart> own =
        keys.containsKey("variables")
            ? required(file, keys, "variables").mapping("variables")
            : Map.of();
    Miniature miniature =
        keys.containsKey(MINIATURE)
            ? Miniature.read(required(file, keys, MINIATURE), own)
            : Miniature.NONE;
    if (small && !keys.containsKey(MINIATURE)) {
      throw InputException.in(
          file, "has no 'miniature:', which says how the recipe runs on small data");
    }
    Variables variables = variables(file, small ? miniature.over(own) : own, given);
    List<Step> steps = steps(required(file, keys, "stages"), variables);
    List<Step> fewer = miniature.of(steps); // refuses unknown names, wanted or not
    YamlPart expect = small ? null : keys.get("expect");
    YamlPart sizes = small ? miniature.sizes() : keys.get("sizes");
    return new Recipe(
        file,
        text,
        required(file, keys, "name").text("name") + (small ? " in miniature" : ""),
        keys.containsKey("description")
            ? required(file, keys, "description").text("description").strip()
            : "",
        variables.values(),
        small ? fewer : steps,
        expect == null ? List.of() : expectations(expect, variables),
        sizes == null ? Map.of() : sizes(sizes, variables));
  }

  private static Variables variables(
      Path file, Map<String, YamlPart> own, Map<String, String> given) {
    Variables variables = new Variables(file, own, given);
    if (!variables.values().containsKey(Recipe.WORK)) {
      throw InputException.in(
          file, "no variable 'work'; expected 'variables: {work: FOLDER}', the folder for outputs");
    }
    return variables;
  }

  /** The whole text of a file. */
  public static String content(Path file) {
    StringBuilder text = new StringBuilder();
    try (Lines lines = Lines.open(file)) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        text.append(line).append('\n');
      }
    }
    return text.toString();
  }

  private static YamlPart required(Path file, Map<String, YamlPart> keys, String key) {
    YamlPart part = keys.get(key);
    if (part == null) {
      throw InputException.in(file, "no '" + key + ":'");
    }
    return part;
  }

  /** The stages of a recipe, made with these values of its variables. */
  public List<Step> steps(YamlPart stages, Variables variables) {
    List<Step> steps = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    for (YamlPart part : stages.sequence("stages")) {
      Step step = step(part, variables);
      if (!names.add(step.name())) {
        throw part.error(
            "a second stage '%s'; name this one with 'as: NAME' beside it".formatted(step.name()));
      }
      steps.add(step);
    }
    if (steps.isEmpty()) {
      throw stages.error("no stages");
    }
    return steps;
  }

  private Step step(YamlPart part, Variables variables) {
    Map<String, YamlPart> keys = part.mapping("a stage");
    List<String> kinds = keys.keySet().stream().filter(key -> !key.equals(AS)).toList();
    if (kinds.size() != 1) {
      throw part.error(
          "expected one stage in each '-', found %s; settings are indented below their stage"
              .formatted(kinds.isEmpty() ? "none" : String.join(", ", kinds)));
    }
    String kind = kinds.getFirst();
    StageType type = types.get(kind);
    if (type == null) {
      throw part.error("no stage '%s'%s".formatted(kind, Nearest.hint(kind, types.keySet())));
    }
    YamlPart as = keys.get(AS);
    String name = as == null ? kind : as.text(AS);
    if (!name.matches("[\\w.-]+")) {
      throw part.error("name '%s'; expected letters, digits, '.', '_', '-'".formatted(name));
    }
    Map<String, Given> given = new LinkedHashMap<>();
    required(part.file(), keys, kind)
        .mapping("the settings of " + kind)
        .forEach((key, value) -> given.put(key, given(key, value, variables)));
    return new Step(name, part.line(), type, type.bind(part.where(), given));
  }

  private static Given given(String key, YamlPart value, Variables variables) {
    return new Given(
        value.where() + ": " + key,
        value.texts(key).stream().map(text -> variables.replaced(value, text)).toList(),
        value.isSequence());
  }

  private static List<Expectation> expectations(YamlPart expect, Variables variables) {
    List<Expectation> expectations = new ArrayList<>();
    for (YamlPart part : expect.sequence("expect")) {
      Map<String, YamlPart> keys = part.mapping("an expectation", EXPECT_KEYS);
      YamlPart tolerance = keys.get("tolerance");
      Map<Measure, Double> values = new LinkedHashMap<>();
      member(part, keys, "measures")
          .mapping("measures")
          .forEach((name, value) -> values.put(measure(value, name), number(value, name)));
      expectations.add(
          new Expectation(
              path(member(part, keys, "run"), "run", variables),
              path(member(part, keys, "qrels"), "qrels", variables),
              values,
              tolerance == null ? TOLERANCE : number(tolerance, "tolerance")));
    }
    return expectations;
  }

  /** The {@code sizes:} of a recipe: how large is what is not there before the run. */
  public static Map<Path, Size> sizes(YamlPart part, Variables variables) {
    Map<Path, Size> sizes = new LinkedHashMap<>();
    part.mapping("sizes")
        .forEach((name, value) -> sizes.put(Path.of(variables.replaced(value, name)), size(value)));
    return sizes;
  }

  private static Size size(YamlPart part) {
    Map<String, YamlPart> keys = part.mapping("a size", SIZE_KEYS);
    int records = whole(keys, "records");
    int tokens = whole(keys, "tokens");
    int documents = keys.containsKey("documents") ? whole(keys, "documents") : records;
    int layers = whole(keys, "layers");
    int hidden = whole(keys, "hidden");
    try {
      return new Size(records, tokens, documents, layers, hidden);
    } catch (InputException e) {
      throw InputException.at(part.file(), part.line(), String.valueOf(e.getMessage()), e);
    }
  }

  /** 0 where it is not given. */
  private static int whole(Map<String, YamlPart> keys, String key) {
    YamlPart part = keys.get(key);
    String text = part == null ? "0" : part.text(key);
    if (part != null && !text.matches("\\d{1,9}")) {
      throw part.error("%s: '%s'; expected a whole number".formatted(key, text));
    }
    return Integer.parseInt(text);
  }

  private static YamlPart member(YamlPart of, Map<String, YamlPart> keys, String key) {
    YamlPart part = keys.get(key);
    if (part == null) {
      throw of.error("an expectation needs '" + key + ":'");
    }
    return part;
  }

  private static Path path(YamlPart part, String what, Variables variables) {
    return Path.of(variables.replaced(part, part.text(what)));
  }

  private static Measure measure(YamlPart part, String name) {
    try {
      return Measure.parse(name);
    } catch (InputException e) {
      throw InputException.at(part.file(), part.line(), String.valueOf(e.getMessage()), e);
    }
  }

  private static double number(YamlPart part, String what) {
    String text = part.text(what);
    try {
      double value = Double.parseDouble(text);
      if (value >= 0 && value <= 1) {
        return value;
      }
    } catch (NumberFormatException e) {
      // falls through to the one error for both
    }
    throw part.error("%s: '%s'; expected a number from 0 to 1".formatted(what, text));
  }
}
