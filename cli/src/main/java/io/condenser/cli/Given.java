package io.condenser.cli;

import java.util.List;

/**
 * What a user wrote for one setting, before it has a type.
 *
 * @param where how errors name the place, e.g. {@code --batch-size} or {@code mine.yaml:12:
 *     batch-size}
 * @param texts one text, or the elements of a list
 */
public record Given(String where, List<String> texts) {
  public Given {
    texts = List.copyOf(texts);
  }
}
