package io.condenser.cli.training;

import io.condenser.evaluation.Qrels;
import io.condenser.storage.InputException;
import io.condenser.text.CounterRandom;
import io.condenser.text.Queries;
import io.condenser.text.Query;
import io.condenser.text.RecordReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Dev queries that training is measured by.
 *
 * @param queries all of them judged
 * @param qrels their judgments, and no others
 */
record DevQueries(List<Query> queries, Qrels qrels) {
  private static final long SEED = 42;

  /**
   * The judged queries whose hashes are smallest: the same ones every time.
   *
   * @param count how many at most
   */
  static DevQueries sample(Path queryFile, Path qrelsFile, int count) {
    Qrels all = Qrels.read(qrelsFile);
    Set<String> judged = new HashSet<>(all.queries());
    List<Query> queries = new ArrayList<>();
    try (RecordReader<Query> reader = Queries.open(queryFile)) {
      for (Query query = reader.next(); query != null; query = reader.next()) {
        if (judged.contains(query.id())) {
          queries.add(query);
        }
      }
    }
    if (queries.isEmpty()) {
      throw InputException.in(queryFile, "holds none of the queries that dev-qrels judges");
    }
    queries.sort(Comparator.comparingLong(query -> hash(query.id())));
    List<Query> kept = List.copyOf(queries.subList(0, Math.min(count, queries.size())));
    Qrels.Builder qrels = new Qrels.Builder();
    for (Query query : kept) {
      all.of(query.id()).forEach((passage, grade) -> qrels.add(query.id(), passage, grade));
    }
    return new DevQueries(kept, qrels.build());
  }

  /** What orders ids as if at random. */
  static long hash(String id) {
    return CounterRandom.at(SEED, 0, 0, id.hashCode()).bits(0);
  }
}
