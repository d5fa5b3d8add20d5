package io.condenser.cli;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Describes one setting of a {@link Stage}. Types: String, Path, int, long, double, boolean, enums
 * (spelled in lower case with hyphens), List of String or Path, and a Nullable String or Path.
 */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Setting {
  /** One line for {@code --help}: what it is, its unit, its range. */
  String value();

  /** The default as it would be written in a recipe; {@link #REQUIRED} or {@link #ABSENT}. */
  String byDefault() default REQUIRED;

  /**
   * Whether results depend on it; one that only says how the work is done leaves them as they are.
   */
  boolean decides() default true;

  /** The setting must be given. */
  String REQUIRED = "\0required";

  /** Without it the value is null (or an empty list). */
  String ABSENT = "\0absent";
}
