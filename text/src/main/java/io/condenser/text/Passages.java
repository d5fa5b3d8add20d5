package io.condenser.text;

import io.condenser.text.rows.Row;
import io.condenser.text.rows.Rows;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads a corpus, gzipped or not, of any format we know; its content tells which. */
public final class Passages {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String[] ID = {"_id", "id", "docid"};
  private static final String[] CONTEXT_ID = {"docid", "passage_id", "psg_id", "id", "_id"};
  private static final String WIKI = "wiki:";

  private Passages() {}

  /**
   * Opens a corpus:
   *
   * <ul>
   *   <li>JSON lines as in BEIR or Tevatron: {@code _id} (or {@code id}, {@code docid}), {@code
   *       text}, and where there are any {@code title} and {@code doc}, the document the passage
   *       belongs to. Other fields are ignored.
   *   <li>JSON lines whose {@code spans}, a list of texts, make up a document. {@code text} may
   *       then be missing, and so may the id: the line's number takes its place.
   *   <li>Parquet with columns of these names.
   *   <li>DPR's TSV under its header {@code id, text, title}; a title is the document.
   *   <li>TSV without a header: MS MARCO's passages {@code id, text}, the same with titles {@code
   *       id, title, text}, MS MARCO's documents {@code id, url, title, text}.
   * </ul>
   *
   * A passage needs a text, a title or spans.
   *
   * @throws io.condenser.storage.InputException if there is no such file or nothing in it; while
   *     reading, if a row is none of these or repeats an id
   */
  public static RecordReader<Passage> open(Path corpus) {
    return Records.open(corpus, new PassageParser(), Passage::id, "passages");
  }

  /** Opens a corpus whose ids may come twice, as {@link #open} would otherwise. */
  static RecordReader<Passage> openAmbiguous(Path corpus) {
    return Records.open(corpus, new PassageParser(), Passage::id, "passages", false);
  }

  /**
   * A passage within a training example or a result, as DPR and Tevatron write them: the id in
   * {@code docid}, {@code passage_id}, {@code psg_id} or {@code id}. DPR's prefix {@code wiki:} is
   * dropped; where there is no id, a fingerprint of title and text takes its place.
   */
  static Passage context(JsonNode object, Rows at) {
    String title = Records.text(object, "title", at);
    String id = Records.id(object, at, CONTEXT_ID);
    String text = text(object, id, at);
    if (id.isEmpty()) {
      id = TextId.of(title + "\n" + text);
    }
    return PassageParser.passage(
        id.startsWith(WIKI) ? id.substring(WIKI.length()) : id, title, text, null, List.of(), at);
  }

  /** May be empty, as some of BEIR's are; but a file that calls it otherwise is not ours. */
  private static String text(JsonNode object, String id, Rows at) {
    if (!object.has("text")) {
      throw at.error(
          "passage '%s' has no \"text\"; it has %s"
              .formatted(id, String.join(", ", object.propertyNames())));
    }
    return Records.text(object, "text", at);
  }

  /** The object that {@link #open} reads as this passage. */
  public static ObjectNode json(Passage passage) {
    ObjectNode node = JSON.createObjectNode();
    node.put("_id", passage.id()).put("title", passage.title()).put("text", passage.text());
    if (passage.doc() != null) {
      node.put("doc", passage.doc());
    }
    if (!passage.spans().isEmpty()) {
      passage.spans().forEach(node.putArray("spans")::add);
    }
    return node;
  }

  private static final class PassageParser implements Records.Parser<Passage> {
    private int columns; // of the first line

    @Override
    public Passage object(JsonNode object, Rows at) {
      List<String> spans =
          Records.texts(object, "spans", at).stream().filter(span -> !span.isBlank()).toList();
      String id = Records.id(object, at, ID);
      if (id.isEmpty() && spans.isEmpty()) {
        throw at.error("a passage without \"_id\"; expected {\"_id\": …, \"text\": …}");
      }
      return passage(
          id.isEmpty() ? Long.toString(at.number()) : id,
          Records.text(object, "title", at),
          spans.isEmpty() ? Passages.text(object, id, at) : Records.text(object, "text", at),
          doc(object, at),
          spans,
          at);
    }

    /** DPR's passages are pieces of articles, which follow one another under their title. */
    private static @Nullable String doc(JsonNode object, Rows at) {
      String doc = at.headed() ? Records.text(object, "title", at) : Records.id(object, at, "doc");
      return doc.isEmpty() ? null : doc;
    }

    @Override
    public Passage line(Row.Line line, Rows at) {
      String[] parts = line.columns();
      if (columns == 0) {
        columns = checked(parts, at);
      } else if (parts.length != columns) {
        throw at.error(
            "%d columns, but %d in the lines before; the line is damaged, or two files were joined"
                .formatted(parts.length, columns));
      }
      return switch (columns) {
        case 2 -> passage(parts[0], "", parts[1], null, List.of(), at);
        case 3 -> passage(parts[0], parts[1], parts[2], null, List.of(), at);
        default -> passage(parts[0], parts[2], parts[3], null, List.of(), at);
      };
    }

    private static int checked(String[] parts, Rows at) {
      if (parts.length < 2 || parts.length > 4) {
        throw at.error(
            ("%d columns; expected 2 (id, text), 3 (id, title, text) or 4 (id, url, title, text)"
                    + " separated by tabs, or a file of JSON lines")
                .formatted(parts.length));
      }
      if (parts.length == 4 && parts[1].matches("\\d+")) {
        throw at.error(
            "the second column of four is '%s', no address; MS MARCO's top1000 (query, passage,"
                    .formatted(parts[1])
                + " and their texts) is read by the command import");
      }
      return parts.length;
    }

    private static Passage passage(
        String id, String title, String text, @Nullable String doc, List<String> spans, Rows at) {
      if (id.isBlank()) {
        throw at.error("a passage with an empty id");
      }
      return new Passage(id, title, text, doc, spans);
    }
  }
}
