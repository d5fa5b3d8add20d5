package io.condenser.cli.recipe;

import io.condenser.cli.Nearest;
import io.condenser.storage.InputException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The variables of a recipe: {@code ${name}} in a value stands for the variable's. */
public final class Variables {
  /** Always there: the folder that holds the recipe's file. */
  static final String RECIPE_FOLDER = "recipe";

  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}]*)}");

  private final Map<String, String> values = new LinkedHashMap<>();

  /**
   * Reads the variables; each may refer to those before it, also where the user gives its value.
   *
   * @param given the user's values, in place of the recipe's own
   * @throws InputException if a value is given for a variable that there is not
   */
  public Variables(Path recipeFile, Map<String, YamlPart> own, Map<String, String> given) {
    Path folder = recipeFile.toAbsolutePath().getParent();
    values.put(RECIPE_FOLDER, Objects.requireNonNull(folder, "a file has a folder").toString());
    own.forEach((name, part) -> {
      String text = given.get(name);
      values.put(name, replaced(part, text == null ? part.text("variable " + name) : text));
    });
    for (String name : given.keySet()) {
      if (!own.containsKey(name)) {
        throw new InputException(
            "--set %s=…: %s has no variable '%s'%s"
                .formatted(name, recipeFile, name, Nearest.hint(name, own.keySet())));
      }
    }
  }

  /** The text with every reference replaced. */
  public String replaced(YamlPart where, String text) {
    Matcher reference = REFERENCE.matcher(text);
    return reference.replaceAll(match -> {
      String name = match.group(1);
      String value = values.get(name);
      if (value == null) {
        throw where.error(
            "'%s': no variable '%s'%s".formatted(text, name, Nearest.hint(name, values.keySet())));
      }
      return Matcher.quoteReplacement(value);
    });
  }

  /** All values by name, in the order of the recipe. */
  public Map<String, String> values() {
    return new LinkedHashMap<>(values);
  }
}
