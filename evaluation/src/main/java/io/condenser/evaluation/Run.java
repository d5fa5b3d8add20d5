package io.condenser.evaluation;

import io.condenser.storage.InputException;
import io.condenser.storage.Replacement;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a retriever found: for each query, passages in {@link RankingOrder}. Immutable.
 *
 * <p>Held as 8 bytes a ranked passage, and every id once.
 */
public final class Run {
  private final Map<String, Ranking> rankings;

  private Run(Map<String, Ranking> rankings) {
    this.rankings = Collections.unmodifiableMap(rankings);
  }

  /**
   * Reads a run file; its format shows in the number of columns of its first line:
   *
   * <ul>
   *   <li>6, TREC run, at blanks or tabs: {@code query Q0 passage rank score tag}. The rank is
   *       ignored, as trec_eval does.
   *   <li>3, MS MARCO run: {@code query passage rank}. The score becomes the negated rank.
   * </ul>
   *
   * @throws InputException naming file and line, if columns are missing or too many, a score or
   *     rank is no number, a passage is ranked twice for a query, or nothing is ranked at all
   */
  public static Run read(Path file) {
    return RunReader.read(file);
  }

  /** All queries that have a ranking, in the order in which they were added. */
  public List<String> queries() {
    return List.copyOf(rankings.keySet());
  }

  /** The passages of one query, best first; empty if the run has no such query. */
  public List<ScoredPassage> ranking(String query) {
    Ranking ranking = rankings.get(query);
    return ranking == null ? List.of() : ranking;
  }

  /**
   * Refuses an id that no TREC run can hold, before work is done that such a run would end.
   *
   * @param kind of id, for the message
   * @throws InputException if the id is empty or holds a blank
   */
  public static void requireWritable(String kind, String id) {
    Columns.writable(kind, id);
  }

  /** Length of the longest ranking. */
  public int depth() {
    return rankings.values().stream().mapToInt(Ranking::size).max().orElse(0);
  }

  /**
   * Writes a TREC run: {@code query Q0 passage rank score tag}, ranks from 1. Reading it back gives
   * an equal run.
   *
   * @param tag names the system, without blanks
   * @throws InputException if an id or the tag holds blanks
   */
  public void writeTrec(Path file, String tag) {
    Columns.writable("run", tag);
    write(
        file,
        (query, passage, rank) ->
            query + " Q0 " + passage.id() + " " + rank + " " + passage.score() + " " + tag + "\n");
  }

  /**
   * Writes an MS MARCO run: {@code query<TAB>passage<TAB>rank}, ranks from 1; scores are lost.
   *
   * @throws InputException if an id holds blanks
   */
  public void writeMsMarco(Path file) {
    write(file, (query, passage, rank) -> query + "\t" + passage.id() + "\t" + rank + "\n");
  }

  @FunctionalInterface
  private interface Row {
    String of(String query, ScoredPassage passage, int rank);
  }

  private void write(Path file, Row row) {
    Replacement.file(
        file,
        aside -> {
          try (Writer out = Files.newBufferedWriter(aside)) {
            for (Map.Entry<String, Ranking> query : rankings.entrySet()) {
              writeQuery(out, query.getKey(), query.getValue(), row);
            }
          }
        });
  }

  private static void writeQuery(Writer out, String query, Ranking ranking, Row row)
      throws IOException {
    Columns.writable("query", query);
    for (int i = 0; i < ranking.size(); i++) {
      ScoredPassage passage = ranking.get(i);
      Columns.writable("passage", passage.id());
      out.write(row.of(query, passage, i + 1));
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Run run && rankings.equals(run.rankings);
  }

  @Override
  public int hashCode() {
    return rankings.hashCode();
  }

  @Override
  public String toString() {
    return "Run of " + Columns.count(rankings.size(), "query", "queries");
  }

  /** Collects scored passages in any order. Not safe for use by several threads. */
  public static final class Builder {
    private final Map<String, Ranking.Builder> rankings = new LinkedHashMap<>();
    private final Map<String, String> passages = new HashMap<>();

    /**
     * Adds a passage to the ranking of a query.
     *
     * @param score higher is better; kept in single precision
     * @throws IllegalArgumentException if the score is not finite in single precision
     */
    public Builder add(String query, String passage, double score) {
      float single = (float) score;
      if (!Float.isFinite(single)) {
        throw new IllegalArgumentException(
            "query %s, passage %s: score %s; expected a finite number"
                .formatted(query, passage, score));
      }
      String shared = passages.putIfAbsent(passage, passage);
      rankings
          .computeIfAbsent(query, q -> new Ranking.Builder())
          .add(shared == null ? passage : shared, single);
      return this;
    }

    /** A pair that was added twice, or null. */
    @Nullable Duplicate duplicate() {
      for (Map.Entry<String, Ranking.Builder> query : rankings.entrySet()) {
        String passage = query.getValue().duplicate();
        if (passage != null) {
          return new Duplicate(query.getKey(), passage);
        }
      }
      return null;
    }

    /**
     * All rankings added so far, sorted. The builder is empty afterwards: it hands over one query
     * after the other, so that a large run is in memory once.
     *
     * @throws IllegalArgumentException if a passage was added twice to a query
     */
    public Run build() {
      Duplicate twice = duplicate();
      if (twice != null) {
        throw new IllegalArgumentException(
            "query %s: passage %s was added twice".formatted(twice.query(), twice.passage()));
      }
      Map<String, Ranking> sorted = LinkedHashMap.newLinkedHashMap(rankings.size());
      Iterator<Map.Entry<String, Ranking.Builder>> added = rankings.entrySet().iterator();
      while (added.hasNext()) {
        Map.Entry<String, Ranking.Builder> query = added.next();
        sorted.put(query.getKey(), query.getValue().build());
        added.remove();
      }
      return new Run(sorted);
    }
  }

  record Duplicate(String query, String passage) {}
}
