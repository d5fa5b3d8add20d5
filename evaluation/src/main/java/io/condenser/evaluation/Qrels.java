package io.condenser.evaluation;

import io.condenser.storage.InputException;
import io.condenser.storage.Lines;
import io.condenser.storage.Replacement;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Relevance judgments: for each query, passages with a grade. A grade of 1 or more is relevant, 0
 * and below is judged not relevant; a passage without a grade is unjudged and counts as not
 * relevant. Immutable.
 *
 * <p>Read and written as
 *
 * <ul>
 *   <li>TREC qrels, columns at blanks or tabs: {@code query iteration passage grade}. MS MARCO's
 *       {@code qrels.*.tsv} are such files.
 *   <li>BEIR's TSV, columns at tabs, under the header {@value #BEIR_HEADER}.
 * </ul>
 */
public final class Qrels {
  static final String BEIR_HEADER = "query-id\tcorpus-id\tscore";

  private final Map<String, Map<String, Integer>> grades;

  private Qrels(Map<String, Map<String, Integer>> grades) {
    this.grades = Collections.unmodifiableMap(grades);
  }

  /**
   * Reads a qrels file; its format shows in its first line.
   *
   * @throws InputException naming file and line, if columns are missing or too many, a grade is no
   *     whole number, a passage is judged twice for a query, or nothing is judged at all
   */
  public static Qrels read(Path file) {
    Map<String, Map<String, Integer>> grades = new LinkedHashMap<>();
    scan(
        file,
        (query, passage, grade, lines) -> {
          Integer before =
              grades.computeIfAbsent(query, q -> new LinkedHashMap<>()).putIfAbsent(passage, grade);
          if (before != null) {
            throw lines.error(
                "query '%s' and passage '%s' are judged a second time (%d; before: %d); keep one line"
                    .formatted(query, passage, grade, before));
          }
        });
    return new Qrels(grades);
  }

  /**
   * Reads several qrels files as one. A judgment may stand in more than one of them.
   *
   * @throws InputException as {@link #read(Path)}, and if two files judge differently
   */
  public static Qrels read(List<Path> files) {
    Map<String, Map<String, Integer>> all = new LinkedHashMap<>();
    for (Path file : files) {
      Qrels some = read(file);
      some.grades.forEach((query, judged) ->
          judged.forEach((passage, grade) -> {
            Integer before =
                all.computeIfAbsent(query, q -> new LinkedHashMap<>()).putIfAbsent(passage, grade);
            if (before != null && !before.equals(grade)) {
              throw InputException.in(
                  file,
                  "query '%s' and passage '%s' are judged %d; the files before say %d"
                      .formatted(query, passage, grade, before));
            }
          }));
    }
    return new Qrels(all);
  }

  /** Is shown the judgments of a file one by one. */
  @FunctionalInterface
  public interface Visitor {
    /** One judgment, and the lines it was read from, standing where it is: for error messages. */
    void judgment(String query, String passage, int grade, Lines lines);
  }

  /**
   * Shows every judgment of a qrels file to a visitor, in order, holding only one: for checks that
   * must name a line. Judging twice is not noticed here.
   *
   * @throws InputException as {@link #read}
   */
  public static void scan(Path file, Visitor visitor) {
    try (Lines lines = Lines.open(file)) {
      boolean beir = false;
      boolean empty = true;
      for (String line = lines.next(); line != null; line = lines.next()) {
        if (lines.number() == 1 && line.strip().equals(BEIR_HEADER)) {
          beir = true;
        } else if (!line.isBlank()) {
          empty = false;
          visit(lines, line, beir, visitor);
        }
      }
      if (empty) {
        throw InputException.in(file, "holds no judgments; expected TREC qrels or BEIR's TSV");
      }
    }
  }

  private static void visit(Lines lines, String line, boolean beir, Visitor visitor) {
    List<String> columns = beir ? Columns.splitAtTabs(line) : Columns.splitAtBlanks(line);
    if (columns.size() != (beir ? 3 : 4)) {
      throw lines.error(
          beir
              ? "%d columns at tabs; expected 3 under a BEIR header: query, passage, grade"
                  .formatted(columns.size())
              : ("%d columns; expected the 4 of TREC qrels (query, 0, passage, grade), or BEIR's 3"
                      + " under the header 'query-id<TAB>corpus-id<TAB>score' in line 1%s")
                  .formatted(columns.size(), columns.size() == 6 ? "; is this a run?" : ""));
    }
    String query = columns.getFirst();
    String passage = columns.get(beir ? 1 : 2);
    if (query.isEmpty() || passage.isEmpty()) {
      throw lines.error((query.isEmpty() ? "the query's" : "the passage's") + " id is empty");
    }
    visitor.judgment(query, passage, Columns.integer(lines, "grade", columns.getLast()), lines);
  }

  /** All judged queries, in the order of their first judgment. */
  public List<String> queries() {
    return List.copyOf(grades.keySet());
  }

  /** Passage to grade for one query, in the order of the judgments; empty if none was judged. */
  public Map<String, Integer> of(String query) {
    return Collections.unmodifiableMap(grades.getOrDefault(query, Map.of()));
  }

  /** Whether a passage was judged relevant (grade 1 or more) to a query. */
  public boolean isRelevant(String query, String passage) {
    return of(query).getOrDefault(passage, 0) >= 1;
  }

  /** Whether any passage was judged relevant to a query. */
  public boolean hasRelevant(String query) {
    return of(query).values().stream().anyMatch(grade -> grade >= 1);
  }

  /** The judgments of some of the queries, in the same order. */
  public Qrels only(Set<String> queries) {
    Map<String, Map<String, Integer>> some = new LinkedHashMap<>(grades);
    some.keySet().retainAll(queries);
    return new Qrels(some);
  }

  /** Number of judgments. */
  public long size() {
    return grades.values().stream().mapToLong(Map::size).sum();
  }

  /**
   * Writes TREC qrels: {@code query 0 passage grade}.
   *
   * @throws InputException if an id holds blanks
   */
  public void writeTrec(Path file) {
    write(
        file,
        "",
        (query, passage, grade) ->
            Columns.writable("query", query)
                + " 0 "
                + Columns.writable("passage", passage)
                + " "
                + grade
                + "\n");
  }

  /**
   * Writes BEIR's TSV with its header.
   *
   * @throws InputException if an id holds tabs
   */
  public void writeBeir(Path file) {
    write(
        file,
        BEIR_HEADER + "\n",
        (query, passage, grade) ->
            Columns.withoutTab("query", query)
                + "\t"
                + Columns.withoutTab("passage", passage)
                + "\t"
                + grade
                + "\n");
  }

  @FunctionalInterface
  private interface Row {
    String of(String query, String passage, int grade);
  }

  private void write(Path file, String header, Row row) {
    Replacement.file(
        file,
        aside -> {
          try (Writer out = Files.newBufferedWriter(aside)) {
            out.write(header);
            for (Map.Entry<String, Map<String, Integer>> query : grades.entrySet()) {
              writeQuery(out, query.getKey(), query.getValue(), row);
            }
          }
        });
  }

  private static void writeQuery(Writer out, String query, Map<String, Integer> grades, Row row)
      throws IOException {
    for (Map.Entry<String, Integer> judged : grades.entrySet()) {
      out.write(row.of(query, judged.getKey(), judged.getValue()));
    }
  }

  /** Collects judgments. Not safe for use by several threads. */
  public static final class Builder {
    private final Map<String, Map<String, Integer>> grades = new LinkedHashMap<>();

    /**
     * Adds a judgment.
     *
     * @throws IllegalArgumentException if the passage was judged for this query before
     */
    public Builder add(String query, String passage, int grade) {
      if (grades.computeIfAbsent(query, q -> new LinkedHashMap<>()).putIfAbsent(passage, grade)
          != null) {
        throw new IllegalArgumentException(
            "query %s and passage %s are judged already".formatted(query, passage));
      }
      return this;
    }

    /** All judgments added so far. */
    public Qrels build() {
      Map<String, Map<String, Integer>> copy = new LinkedHashMap<>();
      grades.forEach((query, judged) -> copy.put(query, new LinkedHashMap<>(judged)));
      return new Qrels(copy);
    }
  }
}
