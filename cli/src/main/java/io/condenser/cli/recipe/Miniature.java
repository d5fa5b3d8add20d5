package io.condenser.cli.recipe;

import io.condenser.cli.Nearest;
import io.condenser.cli.recipe.Recipe.Step;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A recipe's {@code miniature:}, by which it runs whole in a few minutes on small data: other
 * values for its variables, and the stages that are left out because the small data lies here.
 *
 * @param variables values in place of the recipe's own, as they are written
 * @param leftOut names of stages, as they are written
 * @param sizes in place of the recipe's own, or null
 */
record Miniature(
    Map<String, YamlPart> variables, List<YamlPart> leftOut, @Nullable YamlPart sizes) {
  /** Of a recipe without the block. */
  static final Miniature NONE = new Miniature(Map.of(), List.of(), null);

  private static final List<String> KEYS = List.of("variables", "leave-out", "sizes");

  Miniature {
    variables = new LinkedHashMap<>(variables);
    leftOut = List.copyOf(leftOut);
  }

  /**
   * Reads the block.
   *
   * @param own the recipe's variables
   * @throws io.condenser.storage.InputException if it gives a variable that the recipe lacks
   */
  static Miniature read(YamlPart block, Map<String, YamlPart> own) {
    Map<String, YamlPart> keys = block.mapping("miniature", KEYS);
    YamlPart values = keys.get("variables");
    YamlPart stages = keys.get("leave-out");
    Map<String, YamlPart> variables =
        values == null ? Map.of() : values.mapping("the miniature's variables");
    variables.forEach((name, part) -> {
      if (!own.containsKey(name)) {
        throw part.error("no variable '%s'%s".formatted(name, Nearest.hint(name, own.keySet())));
      }
    });
    return new Miniature(
        variables, stages == null ? List.of() : stages.sequence("leave-out"), keys.get("sizes"));
  }

  /** The recipe's variables, in its order, with these values where there are any. */
  Map<String, YamlPart> over(Map<String, YamlPart> own) {
    Map<String, YamlPart> all = new LinkedHashMap<>(own);
    all.putAll(variables);
    return all;
  }

  /**
   * The stages that are not left out.
   *
   * @throws io.condenser.storage.InputException if one that is left out is not among them
   */
  List<Step> of(List<Step> steps) {
    List<String> names = steps.stream().map(Step::name).toList();
    Set<String> without = new LinkedHashSet<>();
    for (YamlPart part : leftOut) {
      String name = part.text("an element of leave-out");
      if (!names.contains(name)) {
        throw part.error("no stage '%s'%s".formatted(name, Nearest.hint(name, names)));
      }
      without.add(name);
    }
    return steps.stream().filter(step -> !without.contains(step.name())).toList();
  }
}
