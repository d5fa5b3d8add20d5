package io.condenser.cli.javadoc;

import java.util.List;

/**
 * A documented member of a Java file: a class, method, constructor, field or enum constant.
 *
 * @param file the file it stands in, unique over all libraries
 * @param id unique in its file: its nesting and name, with parameter types where it takes any
 * @param title the simple names of the classes around it and its own, joined by dots
 * @param sentence the comment's first sentence as plain text; empty where it has none of its own
 * @param prose the rest of the comment as plain sentences, block tags at the end
 * @param code the declaration without its comments and annotations, on one line; of a class, its
 *     head and the names of what it declares
 */
record Member(
    String file, String id, String title, String sentence, List<String> prose, String code) {
  Member {
    prose = List.copyOf(prose);
  }

  /** The same for a member and its overloads: file and title. */
  String overloads() {
    return file + '#' + title;
  }
}
