package io.condenser.text;

import io.condenser.storage.Lines;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/** Reads queries, gzipped or not, of any format we know; the content tells which. */
public final class Queries {
  private Queries() {}

  /**
   * Opens a file of queries: JSON lines as in BEIR, {@code _id} (or {@code id}) and {@code text},
   * other fields ignored; or TSV, {@code id, text}.
   *
   * @throws io.condenser.storage.InputException if there is no such file or nothing in it; while
   *     reading, if a line is neither or repeats an id
   */
  public static RecordReader<Query> open(Path queries) {
    return RecordLines.open(queries, new QueryParser(), Query::id, "queries");
  }

  private static final class QueryParser implements RecordLines.Parser<Query> {
    @Override
    public Query object(JsonNode object, Lines lines) {
      return query(RecordLines.id(object, lines), RecordLines.text(object, "text", lines), lines);
    }

    @Override
    public Query columns(String[] columns, Lines lines) {
      if (columns.length != 2) {
        throw lines.error(
            "%d columns; expected 2 (id, text) separated by a tab, or a file of JSON lines"
                .formatted(columns.length));
      }
      return query(columns[0], columns[1], lines);
    }

    private static Query query(String id, String text, Lines lines) {
      if (id.isBlank()) {
        throw lines.error("a query without \"_id\"; expected {\"_id\": …, \"text\": …}");
      }
      if (text.isBlank()) {
        throw lines.error("query '%s' has no text; drop it or give it one".formatted(id));
      }
      return new Query(id, text);
    }
  }
}
