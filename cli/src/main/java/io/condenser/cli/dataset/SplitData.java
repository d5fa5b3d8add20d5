package io.condenser.cli.dataset;

import io.condenser.evaluation.Qrels;
import io.condenser.evaluation.Run;
import io.condenser.text.Negatives;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What files say of the queries of one split: judgments, negatives, rankings. */
final class SplitData {
  private final int negativesKept;
  private final Map<String, Map<String, Integer>> grades = new LinkedHashMap<>();
  private final Map<String, List<String>> negatives = new LinkedHashMap<>();
  private final Map<String, Map<String, Double>> rankings = new LinkedHashMap<>();

  /**
   * @param negativesKept of each query, the first ones
   */
  SplitData(int negativesKept) {
    this.negativesKept = negativesKept;
  }

  /** A judgment; it takes the place of one before it. */
  void judge(String query, String passage, int grade) {
    grades.computeIfAbsent(query, q -> new LinkedHashMap<>()).put(passage, grade);
  }

  /** A passage that is relevant, unless it was judged. */
  void relevant(String query, String passage) {
    grades.computeIfAbsent(query, q -> new LinkedHashMap<>()).putIfAbsent(passage, 1);
  }

  /** A passage that is not relevant; kept only while there are not enough. */
  void negative(String query, String passage) {
    List<String> kept = negatives.computeIfAbsent(query, q -> new ArrayList<>());
    if (kept.size() < negativesKept && !kept.contains(passage)) {
      kept.add(passage);
    }
  }

  /** A passage in the ranking of a query. */
  void rank(String query, String passage, double score) {
    rankings.computeIfAbsent(query, q -> new LinkedHashMap<>()).putIfAbsent(passage, score);
  }

  /** The next passage in a ranking without scores: its rank, negated, is its score. */
  void rankNext(String query, String passage) {
    Map<String, Double> ranking = rankings.computeIfAbsent(query, q -> new LinkedHashMap<>());
    ranking.putIfAbsent(passage, -(ranking.size() + 1.0));
  }

  /** Writes it into {@code qrels}, {@code negatives} and {@code runs}, and says what there is. */
  String write(Path target, String split, DatasetFolder folder) throws IOException {
    StringBuilder said = new StringBuilder();
    if (!grades.isEmpty()) {
      Qrels.Builder qrels = new Qrels.Builder();
      grades.forEach((query, judged) -> judged.forEach((p, grade) -> qrels.add(query, p, grade)));
      qrels.build().writeBeir(in(target, "qrels", split + ".tsv"));
      said.append(", judgments of ").append(grades.size()).append(unknown(folder));
    }
    if (!negatives.isEmpty()) {
      List<Negatives> all = new ArrayList<>();
      negatives.forEach((query, ids) -> all.add(new Negatives(query, ids)));
      Negatives.write(in(target, "negatives", split + ".jsonl"), all);
      said.append(", negatives of ").append(negatives.size());
    }
    if (!rankings.isEmpty()) {
      Run.Builder run = new Run.Builder();
      rankings.forEach((query, ranked) -> ranked.forEach((p, score) -> run.add(query, p, score)));
      run.build().writeTrec(in(target, "runs", split + ".run"), "imported");
      said.append(", rankings of ").append(rankings.size());
    }
    return said.toString();
  }

  private static Path in(Path target, String kind, String name) throws IOException {
    return Files.createDirectories(target.resolve(kind)).resolve(name);
  }

  /** What judgments name that is nowhere. */
  private String unknown(DatasetFolder folder) {
    long queries = grades.keySet().stream().filter(query -> !folder.hasQuery(query)).count();
    long passages =
        grades.values().stream()
            .flatMap(judged -> judged.keySet().stream())
            .filter(passage -> !folder.hasPassage(passage))
            .count();
    StringBuilder said = new StringBuilder();
    if (queries > 0) {
      said.append(" (%d of them without a text)".formatted(queries));
    }
    if (passages > 0 && folder.passages() > 0) {
      said.append(" (%d judged passages are not in the corpus)".formatted(passages));
    }
    return said.toString();
  }
}
