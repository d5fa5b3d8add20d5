package io.condenser.text;

import io.condenser.storage.InputException;
import io.condenser.text.rows.Row;
import io.condenser.text.rows.Rows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Records of a file, one a row; the file's content tells its format. */
final class Records<T> implements RecordReader<T> {
  private final Rows rows;
  private final Parser<T> parser;
  private final Function<T, String> id;
  private final @Nullable IdSet seen; // null where ids may come twice
  private @Nullable Row row;

  /** Turns a row into a record; complains through {@code at.error}. */
  interface Parser<T> {
    /** Reads a row whose values have names. */
    T object(JsonNode object, Rows at);

    /** Reads a line of text. */
    T line(Row.Line line, Rows at);
  }

  private Records(
      Rows rows, Parser<T> parser, Function<T, String> id, String what, boolean unique) {
    this.rows = rows;
    seen = unique ? new IdSet() : null;
    this.parser = parser;
    this.id = id;
    row = rows.next();
    if (row == null) {
      throw InputException.in(rows.file(), "no " + what + "; expected at least one line");
    }
  }

  /**
   * Opens a file of records, whose ids must be unique.
   *
   * @param what the records' name in the plural, for the error about a file without any
   */
  static <T> Records<T> open(Path file, Parser<T> parser, Function<T, String> id, String what) {
    return open(file, parser, id, what, true);
  }

  /** The same; {@code unique} tells whether an id that comes twice is an error. */
  static <T> Records<T> open(
      Path file, Parser<T> parser, Function<T, String> id, String what, boolean unique) {
    Rows rows = Rows.open(file);
    try {
      return new Records<>(rows, parser, id, what, unique);
    } catch (RuntimeException e) {
      rows.close();
      throw e;
    }
  }

  @Override
  public @Nullable T next() {
    if (row == null) {
      return null;
    }
    T parsed =
        switch (row) {
          case Row.Fields(JsonNode object) -> parser.object(object, rows);
          case Row.Line line -> parser.line(line, rows);
        };
    if (seen != null && !seen.add(id.apply(parsed))) {
      throw rows.error(
          "id '%s' has occurred before; ids must be unique (for passages, the command join-ids makes them so)"
              .formatted(id.apply(parsed)));
    }
    row = rows.next();
    return parsed;
  }

  /** A text field, empty where it is absent or null. */
  static String text(JsonNode object, String field, Rows at) {
    JsonNode value = object.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return "";
    }
    if (!value.isString()) {
      throw at.error("\"%s\" is %s; expected a text".formatted(field, start(value.toString())));
    }
    return wellFormed(value.stringValue());
  }

  /** JSON can hold half a character of two code units, which no file can: U+FFFD stands for it. */
  private static String wellFormed(String text) {
    if (text.chars().noneMatch(unit -> Character.isSurrogate((char) unit))) {
      return text;
    }
    StringBuilder whole = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> Character.getType(c) == Character.SURROGATE ? '\uFFFD' : c)
        .forEach(whole::appendCodePoint);
    return whole.toString();
  }

  /** The first of some fields that is there, a text or a whole number; empty where none is. */
  static String id(JsonNode object, Rows at, String... fields) {
    for (String field : fields) {
      JsonNode value = object.path(field);
      if (!value.isMissingNode() && !value.isNull()) {
        return value.isIntegralNumber() ? value.asString() : text(object, field, at);
      }
    }
    return "";
  }

  /** A field that is a list of texts; empty where it is absent or null. */
  static List<String> texts(JsonNode object, String field, Rows at) {
    JsonNode list = object.path(field);
    List<String> texts = new ArrayList<>();
    if (!list.isMissingNode() && !list.isNull() && !list.isArray()) {
      throw at.error("\"%s\" is not a list of texts".formatted(field));
    }
    for (JsonNode text : list) {
      if (!text.isString()) {
        throw at.error("\"%s\" holds %s; expected texts alone".formatted(field, text));
      }
      texts.add(wellFormed(text.stringValue()));
    }
    return texts;
  }

  private static String start(String text) {
    return text.length() > 40 ? text.substring(0, 40) + "…" : text;
  }

  @Override
  public void close() {
    rows.close();
  }
}
