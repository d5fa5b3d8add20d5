package io.condenser.retrieval;

import io.condenser.evaluation.Qrels;
import io.condenser.evaluation.Run;
import io.condenser.evaluation.ScoredPassage;
import io.condenser.storage.InputException;
import io.condenser.text.AnswerStrings;
import io.condenser.text.Passage;
import io.condenser.text.Passages;
import io.condenser.text.Query;
import io.condenser.text.RecordReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Judges retrieved passages by whether their text contains one of the query's answers ({@link
 * AnswerStrings}), as DPR does where nobody judged passages: grade 1 if it does, else 0. Titles do
 * not count. Under these judgments {@code Success@k} is DPR's top-k accuracy.
 */
public final class AnswerJudgments {
  private AnswerJudgments() {}

  /**
   * Judges every passage that any of the runs ranks for a query with answers. The corpus passes
   * through once, no text is held. Queries without answers are left out, and so are those of the
   * runs that are not among {@code queries}.
   *
   * <p>A query for which no run ranks anything is judged by the corpus's first passage, so that it
   * counts in a mean as what it is: a miss.
   *
   * @throws InputException if no query has answers, or a run ranks passages that the corpus lacks
   */
  public static Qrels of(List<Query> queries, List<Run> runs, Path corpus) {
    Map<String, AnswerStrings> answers = new LinkedHashMap<>();
    queries.stream()
        .filter(query -> !query.answers().isEmpty())
        .forEach(query -> answers.put(query.id(), AnswerStrings.of(query.answers())));
    if (answers.isEmpty()) {
      throw new InputException("no query has answers; expected \"answers\": [\"…\", …]");
    }
    Set<String> missed = new LinkedHashSet<>();
    Map<String, Set<String>> askers = askers(answers.keySet(), runs, missed);
    Map<String, Map<String, Integer>> grades = new LinkedHashMap<>(); // in the order of the queries
    answers.keySet().forEach(query -> grades.put(query, new LinkedHashMap<>()));
    try (RecordReader<Passage> passages = Passages.open(corpus)) {
      for (Passage p = passages.next(); p != null; p = passages.next()) {
        Set<String> asking = askers.remove(p.id());
        if (!missed.isEmpty()) { // this is the first passage
          asking = asking == null ? new LinkedHashSet<>() : asking;
          asking.addAll(missed);
          missed.clear();
        }
        if (asking != null) {
          List<String> tokens = AnswerStrings.tokens(p.body());
          for (String query : asking) {
            AnswerStrings sought = Objects.requireNonNull(answers.get(query));
            Objects.requireNonNull(grades.get(query)).put(p.id(), sought.areIn(tokens) ? 1 : 0);
          }
        }
      }
    }
    if (!askers.isEmpty()) {
      throw InputException.in(
          corpus,
          "lacks %d passages that the runs rank, for example '%s'; use the corpus that was searched"
              .formatted(askers.size(), askers.keySet().iterator().next()));
    }
    Qrels.Builder qrels = new Qrels.Builder();
    grades.forEach(
        (query, judged) -> judged.forEach((passage, grade) -> qrels.add(query, passage, grade)));
    return qrels.build();
  }

  /** For each ranked passage the queries that it is ranked for; fills in those without any. */
  private static Map<String, Set<String>> askers(
      Set<String> queries, List<Run> runs, Set<String> missed) {
    Map<String, Set<String>> askers = new HashMap<>();
    for (String query : queries) {
      boolean found = false;
      for (Run run : runs) {
        for (ScoredPassage ranked : run.ranking(query)) {
          askers.computeIfAbsent(ranked.id(), p -> new LinkedHashSet<>(2)).add(query);
          found = true;
        }
      }
      if (!found) {
        missed.add(query);
      }
    }
    return askers;
  }
}
