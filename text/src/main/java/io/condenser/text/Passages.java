package io.condenser.text;

import io.condenser.storage.Lines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads a corpus, gzipped or not, of any format we know; its content tells which. */
public final class Passages {
  private Passages() {}

  /**
   * Opens a corpus:
   *
   * <ul>
   *   <li>JSON lines as in BEIR: {@code _id} (or {@code id}), {@code text}, and where there are any
   *       {@code title} and {@code doc}, the document the passage belongs to. Other fields are
   *       ignored.
   *   <li>JSON lines whose {@code spans}, a list of texts, make up a document. {@code text} may
   *       then be missing, and so may the id: the line's number takes its place.
   *   <li>MS MARCO TSV: {@code id, text} for passages, {@code id, url, title, text} for documents.
   * </ul>
   *
   * A passage needs a text, a title or spans.
   *
   * @throws io.condenser.storage.InputException if there is no such file or nothing in it; while
   *     reading, if a line is none of these or repeats an id
   */
  public static RecordReader<Passage> open(Path corpus) {
    return RecordLines.open(corpus, new PassageParser(), Passage::id, "passages");
  }

  /** Opens a corpus whose ids may come twice, as {@link #open} would otherwise. */
  static RecordReader<Passage> openAmbiguous(Path corpus) {
    return RecordLines.open(corpus, new PassageParser(), Passage::id, "passages", false);
  }

  private static final class PassageParser implements RecordLines.Parser<Passage> {
    @Override
    public Passage object(JsonNode object, Lines lines) {
      List<String> spans = spans(object, lines);
      String id = RecordLines.id(object, lines);
      if (id.isEmpty() && spans.isEmpty()) {
        throw lines.error("a passage without \"_id\"; expected {\"_id\": …, \"text\": …}");
      }
      return passage(
          id.isEmpty() ? Long.toString(lines.number()) : id,
          RecordLines.text(object, "title", lines),
          RecordLines.text(object, "text", lines),
          doc(object, lines),
          spans,
          lines);
    }

    private static @Nullable String doc(JsonNode object, Lines lines) {
      JsonNode doc = object.path("doc");
      String text =
          doc.isIntegralNumber() ? doc.asString() : RecordLines.text(object, "doc", lines);
      return text.isEmpty() ? null : text;
    }

    private static List<String> spans(JsonNode object, Lines lines) {
      JsonNode list = object.path("spans");
      List<String> spans = new ArrayList<>();
      if (!list.isMissingNode() && !list.isArray()) {
        throw lines.error("\"spans\" is not a list of texts");
      }
      for (JsonNode span : list) {
        if (!span.isString()) {
          throw lines.error("\"spans\" holds %s; expected texts alone".formatted(span));
        }
        if (!span.stringValue().isBlank()) {
          spans.add(span.stringValue());
        }
      }
      return spans;
    }

    @Override
    public Passage columns(String[] columns, Lines lines) {
      return switch (columns.length) {
        case 2 -> passage(columns[0], "", columns[1], null, List.of(), lines);
        case 4 -> passage(columns[0], columns[2], columns[3], null, List.of(), lines);
        default ->
            throw lines.error(
                "%d columns; expected 2 (id, text) or 4 (id, url, title, text) separated by tabs,"
                        .formatted(columns.length)
                    + " or a file of JSON lines");
      };
    }

    private static Passage passage(
        String id,
        String title,
        String text,
        @Nullable String doc,
        List<String> spans,
        Lines lines) {
      if (id.isBlank()) {
        throw lines.error("a passage with an empty id");
      }
      if (text.isBlank() && title.isBlank() && spans.isEmpty()) {
        throw lines.error("passage '%s' has no text; drop it or give it one".formatted(id));
      }
      return new Passage(id, title, text, doc, spans);
    }
  }
}
