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
 * A query with the texts to learn it from, as DPR and Tevatron keep training data.
 *
 * @param positives passages that are relevant
 * @param negatives passages that were found for it but are not, best first
 */
public record TrainingExample(Query query, List<Passage> positives, List<Passage> negatives) {
  private static final JsonMapper JSON = JsonMapper.shared();

  public TrainingExample {
    positives = List.copyOf(positives);
    negatives = List.copyOf(negatives);
  }

  /**
   * Opens training data, gzipped or not:
   *
   * <ul>
   *   <li>Tevatron's JSON lines (or Parquet): {@code query_id}, {@code query}, {@code
   *       positive_passages}, {@code negative_passages}, each passage with {@code docid}, {@code
   *       title}, {@code text};
   *   <li>DPR's JSON array: {@code question}, {@code answers}, {@code positive_ctxs}, {@code
   *       hard_negative_ctxs}, each passage with {@code passage_id} or {@code psg_id}, {@code
   *       title}, {@code text}. Its {@code negative_ctxs}, which are drawn at random, are left out.
   * </ul>
   *
   * @param prefix comes before the number that is the id of a question of DPR's
   * @throws io.condenser.storage.InputException if there is no such file or nothing in it; while
   *     reading, if a row is of another form or repeats a query's id
   */
  public static RecordReader<TrainingExample> open(Path file, String prefix) {
    return Records.open(
        file, new ExampleParser(prefix), example -> example.query().id(), "training examples");
  }

  /** Whether a row is a training example. */
  public static boolean isOne(JsonNode object) {
    return object.has("positive_passages") || object.has("positive_ctxs");
  }

  /** The object of Tevatron's JSON lines. */
  public ObjectNode tevatron() {
    ObjectNode node =
        JSON.createObjectNode().put("query_id", query.id()).put("query", query.text());
    if (!query.answers().isEmpty()) {
      query.answers().forEach(node.putArray("answers")::add);
    }
    passages(node.putArray("positive_passages"), positives, "docid");
    passages(node.putArray("negative_passages"), negatives, "docid");
    return node;
  }

  /** The object of DPR's array. */
  public ObjectNode dpr() {
    ObjectNode node = JSON.createObjectNode().put("question", query.text());
    query.answers().forEach(node.putArray("answers")::add);
    passages(node.putArray("positive_ctxs"), positives, "passage_id");
    node.putArray("negative_ctxs");
    passages(node.putArray("hard_negative_ctxs"), negatives, "passage_id");
    return node;
  }

  private static void passages(ArrayNode array, List<Passage> passages, String id) {
    for (Passage passage : passages) {
      array
          .addObject()
          .put(id, passage.id())
          .put("title", passage.title())
          .put("text", passage.text());
    }
  }

  private static final class ExampleParser implements Records.Parser<TrainingExample> {
    private final String prefix;

    ExampleParser(String prefix) {
      this.prefix = prefix;
    }

    @Override
    public TrainingExample object(JsonNode object, Rows at) {
      if (!isOne(object)) {
        throw at.error("neither \"positive_passages\" (Tevatron) nor \"positive_ctxs\" (DPR)");
      }
      boolean tevatron = object.has("positive_passages");
      return new TrainingExample(
          Queries.query(object, prefix, at),
          passages(object, tevatron ? "positive_passages" : "positive_ctxs", at),
          passages(object, tevatron ? "negative_passages" : "hard_negative_ctxs", at));
    }

    private static List<Passage> passages(JsonNode object, String field, Rows at) {
      JsonNode list = object.path(field);
      if (!list.isArray() && !list.isNull() && !list.isMissingNode()) {
        throw at.error("\"%s\" is not a list of passages".formatted(field));
      }
      List<Passage> passages = new ArrayList<>();
      for (JsonNode each : list) {
        passages.add(Passages.context(each, at));
      }
      return passages;
    }

    @Override
    public TrainingExample line(Row.Line line, Rows at) {
      throw at.error("not a JSON object; expected training examples of Tevatron or DPR");
    }
  }
}
