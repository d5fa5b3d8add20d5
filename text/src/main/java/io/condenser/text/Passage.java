package io.condenser.text;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A unit of retrieval: what is encoded, indexed and found.
 *
 * @param id unique in its corpus
 * @param title empty where there is none
 * @param text what the passage says; may be empty
 * @param doc the document it belongs to; null where every passage is a document of its own
 * @param spans the document's spans where it brings them itself, in order; else empty
 */
public record Passage(
    String id, String title, String text, @Nullable String doc, List<String> spans) {
  public Passage {
    spans = List.copyOf(spans);
  }

  /** What it says apart from its title: its text, or its spans where it has only those. */
  public String body() {
    return text.isEmpty() ? String.join("\n", spans) : text;
  }
}
