package io.condenser.cli;

import io.condenser.cli.plan.Costs;
import io.condenser.cli.plan.Size;
import io.condenser.cli.plan.Sizes;
import io.condenser.cli.plan.Work;
import io.condenser.evaluation.Qrels;
import io.condenser.storage.InputException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code sample-queries}: the judgments of some of the training queries, to learn what fewer labels
 * would do. Queries are put in an order by their ids and the seed alone, and the first of it are
 * taken, so that of one seed the smaller sample is a part of the larger.
 */
public record SampleQueriesStage(
    @Setting("Judgments: TREC qrels, MS MARCO qrels, or BEIR's TSV") Path qrels,
    @Setting("Judgments to write, in BEIR's TSV") Path out,
    @Setting(
            value = "Share of the queries that have a relevant passage, above 0, at most 1",
            byDefault = Setting.ABSENT)
        @Nullable Double share,
    @Setting(value = "How many of them, at least 1; instead of a share", byDefault = Setting.ABSENT)
        @Nullable Integer count,
    @Setting(value = "Seed of the choice", byDefault = "42") long seed)
    implements Stage {

  /** The command, and a recipe's step. */
  public static final StageType TYPE =
      StageType.of(
          "sample-queries",
          SampleQueriesStage.class,
          "Takes a share of the judged queries; of one seed, the smaller share is in the larger.",
          "sample-queries --qrels qrels/train.tsv --share 0.1 --out qrels/train-10.tsv");

  public SampleQueriesStage {
    if ((share == null) == (count == null)) {
      throw new InputException("expected either a share or a count, not both");
    }
    if (share != null && !(share > 0 && share <= 1)) {
      throw new InputException("share is %s; expected above 0, at most 1".formatted(share));
    }
    if (count != null && count < 1) {
      throw new InputException("count is %d; expected at least 1".formatted(count));
    }
  }

  @Override
  public List<Path> inputs() {
    return List.of(qrels);
  }

  @Override
  public List<Path> outputs() {
    return List.of(out);
  }

  @Override
  public Work work(Sizes sizes) {
    double judged = count == null ? sizes.judged(qrels) * shareOrAll() : count;
    Work work = Costs.copying(sizes.bytes(qrels), 0);
    return work.making(out, Size.texts(Math.max(1, judged), 0, 0));
  }

  @Override
  public void run(Console console) {
    Qrels all = Qrels.read(qrels);
    List<String> queries = all.queries().stream().filter(all::hasRelevant).toList();
    if (queries.isEmpty()) {
      throw InputException.in(qrels, "judges no passage relevant; expected grades of 1 or more");
    }
    int wanted = wanted(queries.size());
    RandomSample chosen = new RandomSample(seed, "query", wanted);
    queries.forEach(chosen::offer);
    all.only(new HashSet<>(chosen.ids())).writeBeir(out);
    console.say("%s: %,d of %,d queries".formatted(out, wanted, queries.size()));
  }

  private int wanted(int queries) {
    if (count == null) {
      return (int) Math.max(1, Math.round(shareOrAll() * queries));
    }
    if (count > queries) {
      throw InputException.in(
          qrels,
          "has %,d queries with a relevant passage; count asks for %,d".formatted(queries, count));
    }
    return count;
  }

  private double shareOrAll() {
    return share == null ? 1 : share;
  }
}
