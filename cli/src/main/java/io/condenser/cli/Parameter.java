package io.condenser.cli;

import io.condenser.storage.InputException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One setting of a stage: a record component and its {@link Setting}, with the one way in which
 * texts become its value, on the command line and in recipes alike.
 */
public final class Parameter {
  private final RecordComponent component;
  private final Setting setting;
  private final String name;

  Parameter(RecordComponent component) {
    Setting annotation = component.getAnnotation(Setting.class);
    if (annotation == null) {
      throw new IllegalArgumentException(component + " has no @Setting");
    }
    this.component = component;
    this.setting = annotation;
    this.name = hyphened(component.getName());
    if (!isRequired()) {
      defaultValue(); // a default that cannot be read is a mistake of ours: found here, by any test
    }
  }

  /** {@code batchSize} as {@code batch-size}. */
  private static String hyphened(String camelCase) {
    return camelCase.replaceAll("(\\p{Upper})", "-$1").toLowerCase(Locale.ROOT);
  }

  /** The name that users write, e.g. {@code batch-size}. */
  public String name() {
    return name;
  }

  /** One line of explanation. */
  public String description() {
    return setting.value();
  }

  /** Whether it must be given. */
  public boolean isRequired() {
    return setting.byDefault().equals(Setting.REQUIRED);
  }

  /** The default as users would write it, or null where there is none. */
  public @Nullable String defaultText() {
    return isRequired() || setting.byDefault().equals(Setting.ABSENT) ? null : setting.byDefault();
  }

  /** Whether results depend on it. */
  public boolean decides() {
    return setting.decides();
  }

  /** Whether it is on or off. */
  public boolean isFlag() {
    return component.getType() == boolean.class;
  }

  /** Whether it takes several values. */
  public boolean isList() {
    return component.getType() == List.class;
  }

  /** What stands for the value in help: the choices of an enum, else the kind of value. */
  public String label() {
    Class<?> type = elementType();
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .map(Parameter::spelled)
          .collect(Collectors.joining("|"));
    }
    String kind =
        type == Path.class ? "PATH" : type == String.class ? "TEXT" : isWhole(type) ? "N" : "X";
    return isList() ? kind + "[,…]" : kind;
  }

  /** The value where none is given: null or an empty list if it is absent by default. */
  @Nullable Object defaultValue() {
    String text = setting.byDefault();
    if (text.equals(Setting.ABSENT)) {
      return isList() ? List.of() : null;
    }
    return parse(new Given("default of " + component, List.of(text)));
  }

  /**
   * The typed value of what was given. An empty text is an empty list, so that a variable can stand
   * for none.
   *
   * @throws InputException if it is not of this setting's type
   */
  Object parse(Given given) {
    if (isList()) {
      List<String> texts = given.texts();
      if (texts.equals(List.of(""))) {
        return List.of();
      }
      if (!given.isList() && texts.size() == 1) {
        texts = Arrays.stream(texts.getFirst().split(",")).map(String::strip).toList();
      }
      return texts.stream().map(text -> element(given.where(), text)).toList();
    }
    if (given.texts().size() != 1) {
      throw new InputException(
          "%s: %d values; expected one".formatted(given.where(), given.texts().size()));
    }
    return element(given.where(), given.texts().getFirst());
  }

  /** The value of this setting in a stage. */
  @Nullable Object valueIn(Stage stage) {
    try {
      return component.getAccessor().invoke(stage);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component + " cannot be read", e);
    }
  }

  /** A value as users would write it; nothing for null. */
  public static String written(@Nullable Object value) {
    return switch (value) {
      case null -> "";
      case List<?> list -> list.stream().map(Parameter::written).collect(Collectors.joining(","));
      default -> spelled(value);
    };
  }

  private static String spelled(Object value) {
    return value instanceof Enum<?> choice
        ? choice.name().toLowerCase(Locale.ROOT).replace('_', '-')
        : value.toString();
  }

  private Class<?> elementType() {
    Type type = component.getGenericType();
    if (isList() && type instanceof ParameterizedType list) {
      return (Class<?>) list.getActualTypeArguments()[0];
    }
    return component.getType();
  }

  private static boolean isWhole(Class<?> type) {
    return type == int.class || type == long.class || type == Integer.class || type == Long.class;
  }

  private Object element(String where, String text) {
    Class<?> type = elementType();
    if (type == String.class) {
      return text;
    }
    if (text.isBlank()) {
      throw new InputException(where + ": is empty; expected " + expected(type));
    }
    try {
      if (type.isEnum()) {
        return choice(type, text);
      }
      return switch (type.getName()) {
        case "java.nio.file.Path" -> Path.of(text);
        case "int", "java.lang.Integer" -> Integer.valueOf(text);
        case "long", "java.lang.Long" -> Long.valueOf(text);
        case "double", "java.lang.Double" -> number(text);
        case "boolean" -> truth(text);
        default -> throw new IllegalStateException(component + " has a type that no text becomes");
      };
    } catch (NumberFormatException | InvalidPathException e) {
      throw new InputException("%s: '%s' is not %s".formatted(where, text, expected(type)), e);
    }
  }

  private static Double number(String text) {
    double value = Double.parseDouble(text);
    if (!Double.isFinite(value)) {
      throw new NumberFormatException(text);
    }
    return value;
  }

  private static Boolean truth(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new NumberFormatException(text);
    };
  }

  private static Object choice(Class<?> type, String text) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> spelled(constant).equals(text))
        .findFirst()
        .orElseThrow(() -> new NumberFormatException(text));
  }

  private String expected(Class<?> type) {
    if (type.isEnum()) {
      return "one of " + label().replace("|", ", ");
    }
    if (type == int.class || type == Integer.class) {
      return "a whole number of at most " + Integer.MAX_VALUE;
    }
    return type == Path.class
        ? "a path"
        : type == boolean.class ? "true or false" : isWhole(type) ? "a whole number" : "a number";
  }
}
