package io.condenser.evaluation;

import io.condenser.storage.InputException;
import io.condenser.storage.Lines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads TREC and MS MARCO runs, see {@link Run#read}. */
final class RunReader {
  private static final int TREC_COLUMNS = 6;
  private static final int MS_MARCO_COLUMNS = 3;

  private RunReader() {}

  static Run read(Path file) {
    Run.Builder builder = new Run.Builder();
    scan(file, (query, passage, score, lines) -> builder.add(query, passage, score));
    Run.Duplicate duplicate = builder.duplicate();
    if (duplicate != null) {
      throw rankedTwice(file, duplicate);
    }
    return builder.build();
  }

  private interface Visitor {
    void ranked(String query, String passage, double score, Lines lines);
  }

  private static void scan(Path file, Visitor visitor) {
    try (Lines lines = Lines.open(file)) {
      int expected = 0;
      for (String line = lines.next(); line != null; line = lines.next()) {
        List<String> columns = Columns.splitAtBlanks(line);
        if (columns.isEmpty()) {
          continue;
        }
        if (expected == 0 && line.strip().equals(Qrels.BEIR_HEADER)) {
          throw lines.error("these are qrels in BEIR's format; expected a TREC or MS MARCO run");
        }
        expected = expected == 0 ? columns.size() : expected;
        check(lines, columns.size(), expected);
        boolean trec = expected == TREC_COLUMNS;
        visitor.ranked(
            columns.getFirst(),
            columns.get(trec ? 2 : 1),
            trec
                ? score(lines, columns.get(4))
                : -(double) Columns.integer(lines, "rank", columns.getLast()),
            lines);
      }
      if (expected == 0) {
        throw InputException.in(file, "holds no rankings; expected a TREC or MS MARCO run");
      }
    }
  }

  private static void check(Lines lines, int columns, int expected) {
    if (expected != TREC_COLUMNS && expected != MS_MARCO_COLUMNS) {
      throw lines.error(
          ("%d columns; expected the 6 of a TREC run (query, Q0, passage, rank, score, tag)"
                  + " or the 3 of an MS MARCO run (query, passage, rank)%s")
              .formatted(columns, columns == 4 ? "; are these qrels?" : ""));
    }
    if (columns != expected) {
      throw lines.error(
          "%d columns, but %d in the lines before; the line is damaged, or two runs were joined"
              .formatted(columns, expected));
    }
  }

  private static double score(Lines lines, String text) {
    double score;
    try {
      score = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw InputException.at(
          lines.file(), lines.number(), "score '%s' is not a number".formatted(text), e);
    }
    if (!Float.isFinite((float) score)) {
      throw lines.error(
          "score '%s' is not finite in single precision; such a ranking has no order"
              .formatted(text));
    }
    return score;
  }

  /** Line numbers are not kept for millions of lines: they are looked up when one is needed. */
  private static InputException rankedTwice(Path file, Run.Duplicate duplicate) {
    if (!Files.isRegularFile(file)) { // a pipe, read to its end
      return InputException.in(
          file,
          "query '%s' ranks passage '%s' more than once; keep one line"
              .formatted(duplicate.query(), duplicate.passage()));
    }
    long[] first = {0};
    InputException[] found = {null};
    scan(
        file,
        (query, passage, score, lines) -> {
          if (!query.equals(duplicate.query()) || !passage.equals(duplicate.passage())) {
            return;
          }
          if (first[0] == 0) {
            first[0] = lines.number();
          } else if (found[0] == null) {
            found[0] =
                lines.error(
                    "query '%s' ranks passage '%s' a second time (first in line %d); keep one line"
                        .formatted(query, passage, first[0]));
          }
        });
    return found[0];
  }
}
