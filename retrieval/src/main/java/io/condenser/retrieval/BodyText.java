package io.condenser.retrieval;

import io.condenser.text.Passage;

/** What a passage says apart from its title: its text, or its spans where it has only those. */
final class BodyText {
  private BodyText() {}

  static String of(Passage passage) {
    return passage.text().isEmpty() ? String.join("\n", passage.spans()) : passage.text();
  }
}
