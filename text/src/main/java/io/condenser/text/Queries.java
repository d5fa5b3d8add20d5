package io.condenser.text;

import io.condenser.text.rows.PythonList;
import io.condenser.text.rows.QuotedColumns;
import io.condenser.text.rows.Row;
import io.condenser.text.rows.Rows;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads queries, gzipped or not, of any format we know; the content tells which. */
public final class Queries {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String[] ID = {"_id", "id", "query_id"};

  private Queries() {}

  /**
   * Opens a file of queries:
   *
   * <ul>
   *   <li>JSON lines as in BEIR or Tevatron: {@code _id} (or {@code id}, {@code query_id}), {@code
   *       text} (or {@code query}), and where there are any {@code answers}, a list of texts. Other
   *       fields are ignored.
   *   <li>Parquet with columns of these names.
   *   <li>DPR's JSON array of objects with {@code question} and {@code answers}.
   *   <li>TREC topics, whose number and title are read.
   *   <li>TSV: {@code id, text}, or DPR's {@code question, ["answer", …]}.
   * </ul>
   *
   * DPR's questions have no ids; the number of its line or object is a question's id.
   *
   * @throws io.condenser.storage.InputException if there is no such file or nothing in it; while
   *     reading, if a row is none of these or repeats an id
   */
  public static RecordReader<Query> open(Path queries) {
    return open(queries, "");
  }

  /** The same; where a question's number is its id, {@code prefix} comes before it. */
  public static RecordReader<Query> open(Path queries, String prefix) {
    return Records.open(queries, new QueryParser(prefix), Query::id, "queries");
  }

  /** The object that {@link #open} reads as this query. */
  public static ObjectNode json(Query query) {
    ObjectNode node = JSON.createObjectNode().put("_id", query.id()).put("text", query.text());
    if (!query.answers().isEmpty()) {
      query.answers().forEach(node.putArray("answers")::add);
    }
    return node;
  }

  /** The answers that follow a question on a line of DPR's; null if it is not such a line. */
  public static @Nullable List<String> answersOnLine(String line) {
    try {
      List<String> columns = QuotedColumns.split(line);
      return columns.size() == 2 ? PythonList.parse(columns.get(1)) : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** A query in a row with names. */
  static Query query(JsonNode object, String prefix, Rows at) {
    String id = Records.id(object, at, ID);
    String question = Records.text(object, "question", at);
    String query = Records.text(object, "query", at);
    if (id.isEmpty() && !question.isEmpty()) {
      id = prefix + at.number();
    }
    String text =
        !question.isEmpty()
            ? question
            : !query.isEmpty() ? query : Records.text(object, "text", at);
    return query(id, text, Records.texts(object, "answers", at), at);
  }

  private static Query query(String id, String text, List<String> answers, Rows at) {
    if (id.isBlank()) {
      throw at.error("a query without \"_id\"; expected {\"_id\": …, \"text\": …}");
    }
    if (text.isBlank()) {
      throw at.error("query '%s' has no text; drop it or give it one".formatted(id));
    }
    return new Query(id, text, answers);
  }

  private static final class QueryParser implements Records.Parser<Query> {
    private final String prefix;
    private @Nullable Boolean questions; // whether the first line was a question with answers

    QueryParser(String prefix) {
      this.prefix = prefix;
    }

    @Override
    public Query object(JsonNode object, Rows at) {
      return query(object, prefix, at);
    }

    @Override
    public Query line(Row.Line line, Rows at) {
      List<String> answers = Boolean.FALSE.equals(questions) ? null : answersOnLine(line.text());
      if (questions == null) {
        questions = answers != null;
      }
      if (!questions) {
        String[] columns = line.columns();
        if (columns.length != 2) {
          throw at.error(
              "%d columns; expected 2 (id, text) separated by a tab, or a file of JSON lines"
                  .formatted(columns.length));
        }
        return query(columns[0], columns[1], List.of(), at);
      }
      if (answers == null) {
        throw at.error(
            "expected a question, a tab and a list of answers like [\"a\", 'b'], as in the lines"
                + " before");
      }
      String question = QuotedColumns.split(line.text()).getFirst();
      return query(prefix + at.number(), question, answers, at);
    }
  }
}
