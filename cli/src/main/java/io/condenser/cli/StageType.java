package io.condenser.cli;

import io.condenser.storage.InputException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A kind of stage as users know it.
 *
 * @param name the command, and the key of a recipe's step
 * @param type the record whose components are the settings
 * @param description one line for help
 * @param example a command line that works, without the leading {@code ./condenser}
 * @param positional the setting that the command line also takes without its name, or null
 */
public record StageType(
    String name,
    Class<? extends Stage> type,
    String description,
    String example,
    @Nullable String positional) {

  public StageType {
    if (!type.isRecord()) {
      throw new IllegalArgumentException(type + " is not a record");
    }
  }

  /** A kind of stage without a positional setting. */
  public static StageType of(
      String name, Class<? extends Stage> type, String description, String example) {
    return new StageType(name, type, description, example, null);
  }

  /** The same, whose named setting may be given on the command line without its name. */
  public StageType withPositional(String setting) {
    return new StageType(name, type, description, example, setting);
  }

  /** Its settings in the order of the record. */
  public List<Parameter> parameters() {
    return Arrays.stream(type.getRecordComponents()).map(Parameter::new).toList();
  }

  /**
   * Makes the stage that was asked for.
   *
   * @param where how errors name the place of the whole, e.g. {@code mine.yaml:11}
   * @param given settings by name; the others get their defaults
   * @throws InputException if a setting is unknown, missing, of the wrong type or out of range
   */
  public Stage bind(String where, Map<String, Given> given) {
    refuseUnknown(given);
    List<Parameter> parameters = parameters();
    @Nullable Object[] values = new @Nullable Object[parameters.size()];
    for (int i = 0; i < values.length; i++) {
      Parameter parameter = parameters.get(i);
      Given texts = given.get(parameter.name());
      if (texts == null && parameter.isRequired()) {
        throw new InputException(
            "%s: %s needs '%s': %s"
                .formatted(where, name, parameter.name(), parameter.description()));
      }
      values[i] = texts == null ? parameter.defaultValue() : parameter.parse(texts);
    }
    return construct(where, values);
  }

  private void refuseUnknown(Map<String, Given> given) {
    List<String> known = parameters().stream().map(Parameter::name).toList();
    given.forEach((key, value) -> {
      if (!known.contains(key)) {
        throw new InputException(
            "%s: %s has no setting '%s'%s"
                .formatted(value.where(), name, key, Nearest.hint(key, known)));
      }
    });
  }

  /** The settings of a stage of this kind as users would write them; empty text for absent ones. */
  public Map<String, String> written(Stage stage) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Parameter parameter : parameters()) {
      texts.put(parameter.name(), Parameter.written(parameter.valueIn(stage)));
    }
    return texts;
  }

  /** The same without those that results do not depend on. */
  public Map<String, String> decisive(Stage stage) {
    Map<String, String> texts = written(stage);
    parameters().stream().filter(p -> !p.decides()).map(Parameter::name).forEach(texts::remove);
    return texts;
  }

  /** The command line that makes a stage, without the leading {@code ./condenser}. */
  public List<String> arguments(Stage stage) {
    List<String> arguments = new ArrayList<>(List.of(name));
    for (Parameter parameter : parameters()) {
      Object value = parameter.valueIn(stage);
      if (value instanceof Boolean flag) {
        arguments.add((flag ? "--" : "--no-") + parameter.name());
      } else if (value != null && !value.equals(List.of())) {
        arguments.add("--%s=%s".formatted(parameter.name(), Parameter.written(value)));
      }
    }
    return arguments;
  }

  /** The values of a stage's settings by name, in their order; null where there is none. */
  public Map<String, @Nullable Object> values(Stage stage) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (Parameter parameter : parameters()) {
      values.put(parameter.name(), parameter.valueIn(stage));
    }
    return values;
  }

  /**
   * The same stage with other values for some settings.
   *
   * @param changed typed values by the settings' names
   */
  public Stage with(Stage stage, Map<String, ?> changed) {
    Map<String, @Nullable Object> values = values(stage);
    values.putAll(changed);
    return construct(name, values.values().toArray(new @Nullable Object[0]));
  }

  private Stage construct(String where, @Nullable Object[] values) {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      Constructor<? extends Stage> canonical = type.getDeclaredConstructor(types);
      canonical.setAccessible(true);
      return canonical.newInstance(values);
    } catch (InvocationTargetException e) {
      switch (e.getCause()) {
        case InputException refused ->
            throw new InputException(where + ": " + refused.getMessage(), refused);
        case IllegalArgumentException refused ->
            throw new InputException(where + ": " + refused.getMessage(), refused);
        case null, default -> throw new IllegalStateException(type + " cannot be made", e);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " cannot be made", e);
    }
  }
}
