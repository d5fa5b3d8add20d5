package io.condenser.text;

import io.condenser.storage.InputException;
import io.condenser.storage.Lines;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Records that stand one a line, as JSON objects or as tab-separated columns; the first line that
 * is not blank tells which. Blank lines are skipped.
 */
final class RecordLines<T> implements RecordReader<T> {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Lines lines;
  private final Parser<T> parser;
  private final Function<T, String> id;
  private final @Nullable IdSet seen; // null where ids may come twice
  private final boolean json;
  private @Nullable String line;

  /** Turns what stands on a line into a record; complains through {@code lines.error}. */
  interface Parser<T> {
    /** Reads a JSON object. */
    T object(JsonNode object, Lines lines);

    /** Reads the columns of a line, at least one. */
    T columns(String[] columns, Lines lines);
  }

  private RecordLines(
      Lines lines, Parser<T> parser, Function<T, String> id, String what, boolean unique) {
    this.lines = lines;
    seen = unique ? new IdSet() : null;
    this.parser = parser;
    this.id = id;
    line = nextLine();
    if (line == null) {
      throw InputException.in(lines.file(), "no " + what + "; expected at least one line");
    }
    json = line.stripLeading().startsWith("{");
  }

  /**
   * Opens a file of records, whose ids must be unique.
   *
   * @param what the records' name in the plural, for the error about a file without any
   */
  static <T> RecordLines<T> open(Path file, Parser<T> parser, Function<T, String> id, String what) {
    return open(file, parser, id, what, true);
  }

  /** The same; {@code unique} tells whether an id that comes twice is an error. */
  static <T> RecordLines<T> open(
      Path file, Parser<T> parser, Function<T, String> id, String what, boolean unique) {
    Lines lines = Lines.open(file);
    try {
      return new RecordLines<>(lines, parser, id, what, unique);
    } catch (RuntimeException e) {
      lines.close();
      throw e;
    }
  }

  @Override
  public @Nullable T next() {
    if (line == null) {
      return null;
    }
    T parsed = json ? parser.object(object(line), lines) : parser.columns(columns(line), lines);
    if (seen != null && !seen.add(id.apply(parsed))) {
      throw lines.error(
          "id '%s' has occurred before; ids must be unique (for passages, the command join-ids makes them so)"
              .formatted(id.apply(parsed)));
    }
    line = nextLine();
    return parsed;
  }

  private @Nullable String nextLine() {
    String next = lines.next();
    while (next != null && next.isBlank()) {
      next = lines.next();
    }
    return next;
  }

  private JsonNode object(String line) {
    try {
      JsonNode node = JSON.readTree(line);
      if (!node.isObject()) {
        throw lines.error("expected a JSON object, found " + start(line));
      }
      return node;
    } catch (JacksonException e) {
      throw InputException.at(
          lines.file(), lines.number(), "not a JSON object: " + e.getOriginalMessage(), e);
    }
  }

  private static String[] columns(String line) {
    return line.split("\t", -1);
  }

  private static String start(String line) {
    return line.length() > 40 ? line.substring(0, 40) + "…" : line;
  }

  /** A text field, empty where it is absent or null. */
  static String text(JsonNode object, String field, Lines lines) {
    JsonNode value = object.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return "";
    }
    if (!value.isString()) {
      throw lines.error("\"%s\" is %s; expected a text".formatted(field, start(value.toString())));
    }
    return value.stringValue();
  }

  /** The id in {@code _id} (or {@code id}), a text or a whole number; empty where it is absent. */
  static String id(JsonNode object, Lines lines) {
    String field = object.has("_id") ? "_id" : "id";
    JsonNode value = object.path(field);
    return value.isIntegralNumber() ? value.asString() : text(object, field, lines);
  }

  @Override
  public void close() {
    lines.close();
  }
}
