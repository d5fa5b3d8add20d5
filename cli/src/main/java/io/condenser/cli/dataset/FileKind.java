package io.condenser.cli.dataset;

import io.condenser.storage.InputException;
import io.condenser.storage.Unzipped;
import io.condenser.text.DprResult;
import io.condenser.text.Queries;
import io.condenser.text.TrainingExample;
import io.condenser.text.rows.Row;
import io.condenser.text.rows.Rows;
import java.nio.file.Path;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** What a file says of queries; its first row tells. */
enum FileKind {
  /** Queries, with answers or without. */
  QUERIES,
  /** Judgments in a file that {@code Qrels} reads. */
  QRELS,
  /** Judgments as objects: {@code query-id}, {@code corpus-id}, {@code score}. */
  JUDGMENT_ROWS,
  /** Training examples of DPR or Tevatron, with their texts. */
  EXAMPLES,
  /** DPR's results. */
  DPR_RESULTS,
  /** JSON lines of {@code query} and {@code negatives}, as {@code mine} writes them. */
  NEGATIVES,
  /** RocketQA's negatives: {@code query<TAB>passage,passage,…}. */
  NEGATIVE_LISTS,
  /** Ids of a query, a relevant passage and one that is not. */
  ID_TRIPLES,
  /** The same, with texts in place of ids. */
  TEXT_TRIPLES,
  /** MS MARCO's top 1000: ids of a query and a passage, and both texts. */
  TOP_1000;

  private static final Pattern ID = Pattern.compile("\\S+");
  private static final Pattern IDS = Pattern.compile("\\d+(,\\d+)+");
  private static final Pattern WHOLE = Pattern.compile("[-+]?\\d+");

  /**
   * Tells a file's kind.
   *
   * @throws InputException if it is of none of these kinds, or has no rows
   */
  static FileKind of(Path file) {
    Unzipped.requireRereadable(file);
    try (Rows rows = Rows.open(file)) {
      return switch (rows.next()) {
        case null -> throw InputException.in(file, "holds nothing");
        case Row.Fields(JsonNode object) -> ofObject(object);
        case Row.Line line -> ofLine(line, rows);
      };
    }
  }

  private static FileKind ofObject(JsonNode object) {
    if (TrainingExample.isOne(object)) {
      return EXAMPLES;
    }
    if (DprResult.isOne(object)) {
      return DPR_RESULTS;
    }
    if (object.path("negatives").isArray()) {
      return NEGATIVES;
    }
    return object.has("query-id") && object.has("corpus-id") ? JUDGMENT_ROWS : QUERIES;
  }

  private static FileKind ofLine(Row.Line line, Rows at) {
    if (Queries.answersOnLine(line.text()) != null) {
      return QUERIES;
    }
    String[] columns = line.columns();
    if (columns.length == 1) {
      columns = line.text().strip().split("\\s+"); // qrels and runs may be separated by blanks
    }
    return switch (columns.length) {
      case 2 -> IDS.matcher(columns[1]).matches() ? NEGATIVE_LISTS : QUERIES;
      case 3 -> columns[0].equals("query-id") ? QRELS : areIds(columns) ? ID_TRIPLES : TEXT_TRIPLES;
      case 4 -> areIds(columns) && WHOLE.matcher(columns[3]).matches() ? QRELS : TOP_1000;
      case 6 -> throw at.error("this is a run; search, mine and evaluate take it as it is");
      default ->
          throw at.error(
              "%d columns; expected queries, judgments, training examples, negatives, triples or"
                      .formatted(columns.length)
                  + " MS MARCO's top1000");
    };
  }

  private static boolean areIds(String[] columns) {
    for (String column : columns) {
      if (!ID.matcher(column).matches()) {
        return false;
      }
    }
    return true;
  }
}
