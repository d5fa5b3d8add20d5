package io.condenser.cli.retrieval;

import io.condenser.cli.Console;
import io.condenser.cli.Setting;
import io.condenser.cli.Stage;
import io.condenser.cli.StageType;
import io.condenser.cli.plan.Costs;
import io.condenser.cli.plan.Sizes;
import io.condenser.cli.plan.Work;
import io.condenser.evaluation.Qrels;
import io.condenser.evaluation.Run;
import io.condenser.retrieval.JudgedPassages;
import io.condenser.retrieval.NegativeMiner;
import io.condenser.storage.InputException;
import io.condenser.text.Negatives;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Hard negatives of the training queries from a run over them. */
public record MineStage(
    @Setting("Judgments of the training queries") Path qrels,
    @Setting("Run over the training queries, at least as deep as depth") Path run,
    @Setting(
            value =
                "Corpus; with it judgments of unknown passages are refused, and passages with the"
                    + " same text as a relevant one are no negatives",
            byDefault = Setting.ABSENT)
        @Nullable Path corpus,
    @Setting(value = "Ranks to draw from, at least 1", byDefault = "200") int depth,
    @Setting(value = "Negatives of each query, at least 1", byDefault = "30") int sample,
    @Setting(value = "Seed of the draws", byDefault = "42") long seed,
    @Setting("File to write: JSON lines of query and negatives") Path out)
    implements Stage {

  /** How users know it. */
  public static final StageType TYPE =
      StageType.of(
          "mine",
          MineStage.class,
          "Mines hard negatives: well ranked passages that are not judged relevant.",
          "mine --qrels data/qrels/train.tsv --run work/train.run --corpus data/corpus.jsonl"
              + " --out work/negatives.jsonl");

  public MineStage {
    new NegativeMiner(depth, sample, seed); // refuses values out of range
  }

  @Override
  public List<Path> inputs() {
    return Stream.of(qrels, run, corpus).filter(Objects::nonNull).toList();
  }

  @Override
  public List<Path> outputs() {
    return List.of(out);
  }

  @Override
  public Work work(Sizes sizes) {
    return Costs.mining(sizes.judged(qrels), depth, sample);
  }

  @Override
  public void run(Console console) {
    Qrels judged = Qrels.read(qrels);
    JudgedPassages passages = corpus == null ? null : JudgedPassages.read(qrels, corpus);
    NegativeMiner miner = new NegativeMiner(depth, sample, seed);
    Run ranked = Run.read(run);
    miner.remark(ranked).ifPresent(remark -> console.say("mine: " + remark));
    NegativeMiner.Mined mined =
        passages == null
            ? miner.mine(judged, ranked)
            : miner.mine(judged, ranked, passages::sameText);
    if (mined.negatives().isEmpty()) {
      throw InputException.in(
          run,
          "gives no negatives for any query that %s judges; are both of the training queries?"
              .formatted(qrels));
    }
    Negatives.write(out, mined.negatives());
    console.say(
        "mine: negatives for %d queries, none for %d; dropped %d relevant passages and %d copies"
            .formatted(
                mined.negatives().size(),
                mined.without(),
                mined.relevantDropped(),
                mined.copiesDropped()));
  }
}
