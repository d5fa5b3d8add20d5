package io.condenser.cli.report;

import io.condenser.evaluation.Qrels;
import io.condenser.evaluation.Run;

/** Queries q0, q1, … with one relevant passage each, p0, p1, …, and runs that find it somewhere. */
record SmallRuns(int queries) {
  Qrels qrels() {
    Qrels.Builder qrels = new Qrels.Builder();
    for (int i = 0; i < queries; i++) {
      qrels.add("q" + i, "p" + i, 1);
    }
    return qrels.build();
  }

  /** Five passages for each query, the relevant one at this rank, 1 to 5. */
  Run run(int rank) {
    Run.Builder run = new Run.Builder();
    for (int i = 0; i < queries; i++) {
      int other = 1;
      for (int at = 1; at <= 5; at++) {
        int passage = at == rank ? i : (i + other++) % queries;
        run.add("q" + i, "p" + passage, 10 - at);
      }
    }
    return run.build();
  }
}
