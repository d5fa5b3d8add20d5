package io.condenser.cli;

import io.condenser.cli.plan.Costs;
import io.condenser.cli.plan.Size;
import io.condenser.cli.plan.Sizes;
import io.condenser.cli.plan.Work;
import io.condenser.evaluation.Qrels;
import io.condenser.storage.InputException;
import io.condenser.storage.Replacement;
import io.condenser.text.JsonWriter;
import io.condenser.text.Queries;
import io.condenser.text.Query;
import io.condenser.text.RecordReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code unjudged-queries}: the queries that nobody judged, for {@code augment}. Give the judgments
 * of all splits: a query that is to be measured must not be trained on.
 */
public record UnjudgedQueriesStage(
    @Setting("Queries, JSON lines or TSV") Path queries,
    @Setting("Judgments whose queries are left out, separated by commas") List<Path> qrels,
    @Setting("Queries to write, JSON lines as in BEIR") Path out,
    @Setting(value = "How many of them, at least 1; all unless given", byDefault = Setting.ABSENT)
        @Nullable Integer count,
    @Setting(value = "Seed of the choice", byDefault = "42") long seed)
    implements Stage {

  /** The command, and a recipe's step. */
  public static final StageType TYPE =
      StageType.of(
          "unjudged-queries",
          UnjudgedQueriesStage.class,
          "Takes the queries that have no judgments, or some of them.",
          """
          unjudged-queries --queries queries.jsonl --qrels qrels/train.tsv,qrels/test.tsv \\
              --out work/unjudged.jsonl\
          """);

  public UnjudgedQueriesStage {
    qrels = List.copyOf(qrels);
    if (qrels.isEmpty()) {
      throw new InputException("qrels is empty; expected the judgments whose queries are left out");
    }
    if (count != null && count < 1) {
      throw new InputException("count is %d; expected at least 1".formatted(count));
    }
  }

  @Override
  public List<Path> inputs() {
    return Stream.concat(Stream.of(queries), qrels.stream()).toList();
  }

  @Override
  public List<Path> outputs() {
    return List.of(out);
  }

  @Override
  public Work work(Sizes sizes) {
    Size all = sizes.queries(queries);
    double judged = qrels.stream().mapToDouble(sizes::judged).sum();
    double left = Math.max(1, all.records() - judged);
    Size some = Size.texts(count == null ? left : Math.min(count, left), all.tokens(), 0);
    return Costs.copying(all.textBytes(), some.textBytes()).making(out, some);
  }

  @Override
  public void run(Console console) {
    List<String> unjudged = unjudged();
    if (unjudged.isEmpty() || (count != null && count > unjudged.size())) {
      throw InputException.in(
          queries,
          "has %,d queries without judgments; %s"
              .formatted(
                  unjudged.size(),
                  count == null ? "expected some" : "count asks for %,d".formatted(count)));
    }
    RandomSample sample = new RandomSample(seed, "query", count == null ? unjudged.size() : count);
    unjudged.forEach(sample::offer);
    Set<String> chosen = new HashSet<>(sample.ids());
    write(chosen);
    console.say(
        "%s: %,d of %,d queries without judgments".formatted(out, chosen.size(), unjudged.size()));
  }

  private List<String> unjudged() {
    Set<String> judged = new HashSet<>();
    for (Path file : qrels) {
      Qrels.scan(file, (query, passage, grade, lines) -> judged.add(query));
    }
    List<String> unjudged = new ArrayList<>();
    try (RecordReader<Query> reader = Queries.open(queries)) {
      for (Query query = reader.next(); query != null; query = reader.next()) {
        if (!judged.contains(query.id())) {
          unjudged.add(query.id());
        }
      }
    }
    return unjudged;
  }

  private void write(Set<String> chosen) {
    Replacement.file(
        out,
        aside -> {
          try (RecordReader<Query> reader = Queries.open(queries);
              JsonWriter writer = JsonWriter.lines(aside)) {
            for (Query query = reader.next(); query != null; query = reader.next()) {
              if (chosen.contains(query.id())) {
                writer.write(Queries.json(query));
              }
            }
          }
        });
  }
}
