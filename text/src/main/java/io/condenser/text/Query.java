package io.condenser.text;

import java.util.List;

/**
 * What somebody searches for.
 *
 * @param id unique in its file
 * @param text the question or the words
 * @param answers texts that answer it, any one of them; empty where none are known
 */
public record Query(String id, String text, List<String> answers) {
  public Query {
    answers = List.copyOf(answers);
  }

  /** A query whose answers are not known. */
  public Query(String id, String text) {
    this(id, text, List.of());
  }
}
