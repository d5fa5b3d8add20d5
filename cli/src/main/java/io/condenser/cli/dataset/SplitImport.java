package io.condenser.cli.dataset;

import io.condenser.evaluation.Qrels;
import io.condenser.storage.InputException;
import io.condenser.text.DprResult;
import io.condenser.text.IdSet;
import io.condenser.text.Negatives;
import io.condenser.text.Passage;
import io.condenser.text.Queries;
import io.condenser.text.Query;
import io.condenser.text.RecordReader;
import io.condenser.text.TextId;
import io.condenser.text.TrainingExample;
import io.condenser.text.rows.Row;
import io.condenser.text.rows.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * The files about one split's queries on their way into a {@link DatasetFolder}: queries and
 * passages pass through, the rest is collected until {@link #write}.
 */
final class SplitImport {
  private final String split;
  private final DatasetFolder folder;
  private final SplitData data;
  private final IdSet written = new IdSet();

  /**
   * @param negativesKept of each query, the first ones
   */
  SplitImport(String split, DatasetFolder folder, int negativesKept) {
    this.split = split;
    this.folder = folder;
    data = new SplitData(negativesKept);
  }

  /** Reads a file of any kind. */
  void read(Path file) throws IOException {
    FileKind kind = FileKind.of(file);
    switch (kind) {
      case QUERIES -> queries(file);
      case QRELS ->
          Qrels.scan(file, (query, passage, grade, at) -> data.judge(query, passage, grade));
      case EXAMPLES -> examples(file);
      case DPR_RESULTS -> results(file);
      case NEGATIVES -> negatives(file);
      case JUDGMENT_ROWS, NEGATIVE_LISTS, ID_TRIPLES, TEXT_TRIPLES, TOP_1000 -> rows(kind, file);
    }
  }

  /** Ids of questions that have none: {@code train-1} for the first of the training questions. */
  private String prefix() {
    return split + "-";
  }

  private void queries(Path file) throws IOException {
    try (RecordReader<Query> reader = Queries.open(file, prefix())) {
      for (Query query = reader.next(); query != null; query = reader.next()) {
        add(query, file);
      }
    }
  }

  private void examples(Path file) throws IOException {
    try (RecordReader<TrainingExample> reader = TrainingExample.open(file, prefix())) {
      for (TrainingExample e = reader.next(); e != null; e = reader.next()) {
        String query = e.query().id();
        add(e.query(), file);
        for (Passage positive : e.positives()) {
          folder.add(positive);
          data.relevant(query, positive.id());
        }
        for (Passage negative : e.negatives()) {
          folder.add(negative);
          data.negative(query, negative.id());
        }
      }
    }
  }

  private void results(Path file) throws IOException {
    try (RecordReader<DprResult> reader = DprResult.open(file, prefix())) {
      for (DprResult result = reader.next(); result != null; result = reader.next()) {
        add(result.query(), file);
        for (DprResult.Hit hit : result.hits()) {
          folder.add(hit.passage());
          data.rank(result.query().id(), hit.passage().id(), hit.score());
        }
      }
    }
  }

  private void negatives(Path file) {
    try (RecordReader<Negatives> reader = Negatives.open(file)) {
      for (Negatives each = reader.next(); each != null; each = reader.next()) {
        for (String passage : each.negatives()) {
          data.negative(each.query(), passage);
        }
      }
    }
  }

  private void rows(FileKind kind, Path file) throws IOException {
    try (Rows rows = Rows.open(file)) {
      for (Row row = rows.next(); row != null; row = rows.next()) {
        switch (row) {
          case Row.Fields(JsonNode object) -> judgment(object, rows);
          case Row.Line line -> columns(kind, line, rows);
        }
      }
    }
  }

  private void judgment(JsonNode object, Rows at) {
    JsonNode grade = object.path("score");
    if (!grade.isNumber() || grade.doubleValue() != Math.rint(grade.doubleValue())) {
      throw at.error("\"score\" is %s; expected a whole number".formatted(grade));
    }
    String query = object.path("query-id").asString("");
    String passage = object.path("corpus-id").asString("");
    if (query.isEmpty() || passage.isEmpty()) {
      throw at.error("expected \"query-id\" and \"corpus-id\"");
    }
    data.judge(query, passage, (int) grade.doubleValue());
  }

  private void columns(FileKind kind, Row.Line line, Rows at) throws IOException {
    String[] columns = line.columns();
    if (kind == FileKind.ID_TRIPLES && columns.length == 1) {
      columns = line.text().strip().split("\\s+");
    }
    int expected = kind == FileKind.NEGATIVE_LISTS ? 2 : kind == FileKind.TOP_1000 ? 4 : 3;
    if (columns.length != expected) {
      throw at.error(
          "%d columns, but %d in the first line; the line is damaged, or two files were joined"
              .formatted(columns.length, expected));
    }
    switch (kind) {
      case NEGATIVE_LISTS -> {
        for (String passage : columns[1].split(",", -1)) {
          data.negative(columns[0], passage);
        }
      }
      case ID_TRIPLES -> triple(columns[0], columns[1], columns[2]);
      case TEXT_TRIPLES -> {
        String query = TextId.of(columns[0]);
        add(new Query(query, columns[0]), at.file());
        triple(query, passage(columns[1]), passage(columns[2]));
      }
      case TOP_1000 -> {
        add(new Query(columns[0], columns[2]), at.file());
        folder.add(new Passage(columns[1], "", columns[3], null, List.of()));
        data.rankNext(columns[0], columns[1]);
      }
      default -> throw new IllegalStateException(kind + " has no columns");
    }
  }

  /** The id of a passage that comes without one. */
  private String passage(String text) throws IOException {
    String id = TextId.of(text);
    folder.add(new Passage(id, "", text, null, List.of()));
    return id;
  }

  private void triple(String query, String positive, String negative) {
    data.relevant(query, positive);
    data.negative(query, negative);
  }

  private void add(Query query, Path file) throws IOException {
    String problem = folder.add(split, query, written);
    if (problem != null) {
      throw InputException.in(
          file, problem + "; do they belong together? Each split takes questions without ids once");
    }
  }

  /** Writes what was collected into the folder, and says what there is. */
  String write(Path target) throws IOException {
    return "%s: %d queries%s".formatted(split, written.size(), data.write(target, split, folder));
  }
}
