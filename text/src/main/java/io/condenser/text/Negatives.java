package io.condenser.text;

import io.condenser.storage.Replacement;
import io.condenser.text.rows.Row;
import io.condenser.text.rows.Rows;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Passages to tell from a query's positives: a line of {@code {"query": "q1", "negatives": ["p3",
 * "p9"]}}.
 *
 * @param query id of the query
 * @param negatives ids of passages that were found for it but not judged relevant, best first
 */
public record Negatives(String query, List<String> negatives) {
  private static final JsonMapper JSON = JsonMapper.shared();

  public Negatives {
    negatives = List.copyOf(negatives);
  }

  /**
   * Opens a file of JSON lines, gzipped or not.
   *
   * @throws io.condenser.storage.InputException if there is no such file or nothing in it; while
   *     reading, if a line is of another form or repeats a query
   */
  public static RecordReader<Negatives> open(Path file) {
    return Records.open(file, new NegativesParser(), Negatives::query, "negatives");
  }

  /** Writes JSON lines in place of whatever stood in {@code file}. */
  public static void write(Path file, Iterable<Negatives> all) {
    Replacement.file(
        file,
        aside -> {
          try (Writer out = Files.newBufferedWriter(aside)) {
            for (Negatives each : all) {
              out.write(JSON.writeValueAsString(each));
              out.write('\n');
            }
          }
        });
  }

  private static final class NegativesParser implements Records.Parser<Negatives> {
    private static final String EXPECTED = "expected {\"query\": \"…\", \"negatives\": [\"…\", …]}";

    @Override
    public Negatives object(JsonNode object, Rows at) {
      String query = Records.text(object, "query", at);
      if (query.isEmpty() || !object.path("negatives").isArray()) {
        throw at.error("a query and its negatives are missing; " + EXPECTED);
      }
      return new Negatives(query, Records.texts(object, "negatives", at));
    }

    @Override
    public Negatives line(Row.Line line, Rows at) {
      throw at.error("not a JSON object; " + EXPECTED);
    }
  }
}
