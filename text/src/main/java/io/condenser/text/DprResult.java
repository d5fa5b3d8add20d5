package io.condenser.text;

import io.condenser.text.rows.Row;
import io.condenser.text.rows.Rows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What was found for a question, with the texts, as DPR writes it for readers: {@code {"question",
 * "answers", "ctxs": [{"id", "title", "text", "score", "has_answer"}]}}, one JSON array of them.
 *
 * @param hits best first
 */
public record DprResult(Query query, List<Hit> hits) {
  private static final JsonMapper JSON = JsonMapper.shared();

  public DprResult {
    hits = List.copyOf(hits);
  }

  /**
   * A passage that was found.
   *
   * @param score higher is better
   * @param hasAnswer whether it contains an answer string
   */
  public record Hit(Passage passage, double score, boolean hasAnswer) {}

  /**
   * Opens results, gzipped or not.
   *
   * @param prefix comes before the number that is a question's id
   * @throws io.condenser.storage.InputException if there is no such file or nothing in it; while
   *     reading, if an object is of another form
   */
  public static RecordReader<DprResult> open(Path file, String prefix) {
    return Records.open(file, new ResultParser(prefix), result -> result.query().id(), "results");
  }

  /** Whether a row is a result. */
  public static boolean isOne(JsonNode object) {
    return object.path("ctxs").isArray();
  }

  /** The object of DPR's array; scores are texts there. */
  public ObjectNode json() {
    ObjectNode node = JSON.createObjectNode().put("question", query.text());
    query.answers().forEach(node.putArray("answers")::add);
    ArrayNode contexts = node.putArray("ctxs");
    for (Hit hit : hits) {
      contexts
          .addObject()
          .put("id", hit.passage().id())
          .put("title", hit.passage().title())
          .put("text", hit.passage().text())
          .put("score", Double.toString(hit.score()))
          .put("has_answer", hit.hasAnswer());
    }
    return node;
  }

  private static final class ResultParser implements Records.Parser<DprResult> {
    private static final String EXPECTED =
        "expected {\"question\": …, \"answers\": […], \"ctxs\": [{\"id\": …, \"score\": …}]}";

    private final String prefix;

    ResultParser(String prefix) {
      this.prefix = prefix;
    }

    @Override
    public DprResult object(JsonNode object, Rows at) {
      if (!isOne(object)) {
        throw at.error("no \"ctxs\"; " + EXPECTED);
      }
      List<Hit> hits = new ArrayList<>();
      for (JsonNode context : object.path("ctxs")) {
        hits.add(
            new Hit(
                Passages.context(context, at),
                score(context, at),
                context.path("has_answer").asBoolean(false)));
      }
      return new DprResult(Queries.query(object, prefix, at), hits);
    }

    private static double score(JsonNode context, Rows at) {
      JsonNode score = context.path("score");
      try {
        double value =
            score.isNumber()
                ? score.doubleValue()
                : Double.parseDouble(Records.text(context, "score", at));
        if (Float.isFinite((float) value)) {
          return value;
        }
      } catch (NumberFormatException e) {
        // falls through to the one error for both
      }
      throw at.error("\"score\" is %s; expected a finite number".formatted(score));
    }

    @Override
    public DprResult line(Row.Line line, Rows at) {
      throw at.error("not a JSON array; " + EXPECTED);
    }
  }
}
