package io.condenser.text.rows;

import io.condenser.storage.InputException;
import io.condenser.storage.Lines;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Lines: JSON objects, lines under a header of names, or plain ones. */
final class LineRows implements Rows {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Set<String> NAMES = Set.of("_id", "id", "docid", "title", "text");

  private final Lines lines;
  private boolean started;
  private boolean json;
  private List<String> names = List.of(); // empty where the lines have no header

  LineRows(Lines lines) {
    this.lines = lines;
  }

  @Override
  public Path file() {
    return lines.file();
  }

  @Override
  public @Nullable Row next() {
    String line = nextLine();
    if (line != null && !started) {
      started = true;
      json = line.stripLeading().startsWith("{");
      List<String> first = List.of(line.split("\t", -1));
      if (first.size() > 1 && first.contains("text") && NAMES.containsAll(first)) {
        names = first;
        line = nextLine();
      }
    }
    if (line == null) {
      return null;
    }
    return json
        ? new Row.Fields(object(line))
        : names.isEmpty() ? new Row.Line(line) : new Row.Fields(named(line));
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

  private JsonNode named(String line) {
    List<String> columns;
    try {
      columns = QuotedColumns.split(line);
    } catch (IllegalArgumentException e) {
      throw InputException.at(file(), number(), String.valueOf(e.getMessage()), e);
    }
    if (columns.size() != names.size()) {
      throw lines.error(
          "%d columns, but the header names %d: %s"
              .formatted(columns.size(), names.size(), String.join(", ", names)));
    }
    ObjectNode object = JSON.createObjectNode();
    for (int i = 0; i < names.size(); i++) {
      object.put(names.get(i), columns.get(i));
    }
    return object;
  }

  private static String start(String line) {
    return line.length() > 40 ? line.substring(0, 40) + "…" : line;
  }

  @Override
  public boolean headed() {
    return !names.isEmpty();
  }

  @Override
  public long number() {
    return lines.number();
  }

  @Override
  public InputException error(String problem) {
    return lines.error(problem);
  }

  @Override
  public void close() {
    lines.close();
  }
}
