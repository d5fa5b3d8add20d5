package io.condenser.cli;

import io.condenser.cli.plan.Costs;
import io.condenser.cli.plan.Size;
import io.condenser.cli.plan.Sizes;
import io.condenser.cli.plan.Work;
import io.condenser.text.SharedIds;
import java.nio.file.Path;
import java.util.List;

/** {@code join-ids}: makes the ids of a corpus unique by joining the passages that share one. */
public record JoinIdsStage(
    @Setting("Corpus in which several passages may share an id") Path corpus,
    @Setting("Corpus to write, JSON lines as in BEIR") Path out)
    implements Stage {

  /** The command, and a recipe's step. */
  public static final StageType TYPE =
      StageType.of(
          "join-ids",
          JoinIdsStage.class,
          "Joins the passages that share an id, so that ids are unique.",
          "join-ids --corpus corpus.jsonl --out unique.jsonl");

  @Override
  public List<Path> inputs() {
    return List.of(corpus);
  }

  @Override
  public List<Path> outputs() {
    return List.of(out);
  }

  @Override
  public Work work(Sizes sizes) {
    Size size = sizes.passages(corpus);
    return Costs.copying(size.textBytes(), size.textBytes()).making(out, size);
  }

  @Override
  public void run(Console console) {
    SharedIds.Joined joined = SharedIds.join(corpus, out);
    console.say(
        "%s: %d of %d passages; %d ids were shared"
            .formatted(out, joined.written(), joined.read(), joined.shared()));
  }
}
