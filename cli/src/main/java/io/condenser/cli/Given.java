package io.condenser.cli;

import java.util.List;

/**
 * What a user wrote for one setting, before it has a type.
 *
 * @param where how errors name the place, e.g. {@code --batch-size} or {@code mine.yaml:12:
 *     batch-size}
 * @param texts one text, or the elements of a list
 * @param isList whether it was written as a list; a single text otherwise may be one, {@code a,b}
 */
public record Given(String where, List<String> texts, boolean isList) {
  public Given {
    texts = List.copyOf(texts);
  }

  /** What may be a list of one text, with commas between its elements. */
  public Given(String where, List<String> texts) {
    this(where, texts, false);
  }
}
