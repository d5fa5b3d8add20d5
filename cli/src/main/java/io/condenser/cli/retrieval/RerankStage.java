package io.condenser.cli.retrieval;

import io.condenser.cli.Console;
import io.condenser.cli.Setting;
import io.condenser.cli.Stage;
import io.condenser.cli.StageType;
import io.condenser.cli.plan.Costs;
import io.condenser.cli.plan.Size;
import io.condenser.cli.plan.Sizes;
import io.condenser.cli.plan.Work;
import io.condenser.evaluation.Run;
import io.condenser.evaluation.ScoredPassage;
import io.condenser.model.Machine;
import io.condenser.model.Precision;
import io.condenser.model.RerankerConfig;
import io.condenser.model.RerankingModel;
import io.condenser.retrieval.Reranking;
import io.condenser.retrieval.ScoreCache;
import io.condenser.storage.InputException;
import io.condenser.text.PassageTokens;
import io.condenser.text.Queries;
import io.condenser.text.Query;
import io.condenser.text.RecordReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Scores the first ranks of a run by a cross-encoder. The scores that it writes are logits: the
 * probability that a passage is relevant is their sigmoid.
 */
public record RerankStage(
    @Setting("Model folder that train-reranker wrote") Path model,
    @Setting("The corpus: JSON lines or MS MARCO TSV, gzipped or not") Path corpus,
    @Setting("The queries, JSON lines or TSV") Path queries,
    @Setting("Run to rerank") Path run,
    @Setting("TREC run to write; its scores are logits") Path out,
    @Setting(
            value = "Ranks of each query to score, at least 1; passages below are left out",
            byDefault = "100")
        int depth,
    @Setting(
            value =
                "Folder where scores are kept from run to run, a file for each model: only pairs"
                    + " that are not there are scored",
            byDefault = Setting.ABSENT,
            decides = false)
        @Nullable Path cache,
    @Setting(
            value =
                "Precision of matrix products: fp32, bf16, fp16 (GPUs alone), or auto: what is faster"
                    + " here",
            byDefault = "fp32")
        Precision precision,
    @Setting(value = "Tokens of a batch, padding included, at least 1", byDefault = "8192")
        int batchTokens)
    implements Stage {

  /** How users know it. */
  public static final StageType TYPE =
      StageType.of(
          "rerank",
          RerankStage.class,
          "Scores the first ranks of a run by a cross-encoder.",
          "rerank --model reranker --corpus data/corpus.jsonl --queries data/queries.jsonl"
              + " --run work/dev.run --out work/reranked.run");

  private static final String TAG = "reranked";

  public RerankStage {
    if (depth < 1) {
      throw new InputException("depth is %d; expected at least 1".formatted(depth));
    }
    RerankingModel.requireSupported(precision);
    Building.requireBatch(batchTokens);
  }

  @Override
  public List<Path> inputs() {
    return List.of(model, corpus, queries, run);
  }

  /** The cache is none: without it the run is the same. */
  @Override
  public List<Path> outputs() {
    return List.of(out);
  }

  @Override
  public Work work(Sizes sizes) {
    Size asked = sizes.queries(queries);
    return Costs.reranking(
        asked.records() * depth,
        asked,
        sizes.passages(corpus),
        RerankerConfig.standard().length(),
        sizes.encoder(model),
        batchTokens,
        precision);
  }

  @Override
  public void run(Console console) throws IOException {
    try (ScratchFolder scratch = ScratchFolder.beside(out);
        RerankingModel opened = RerankingModel.open(model, precision);
        ScoreCache known = cache == null ? null : openCache(cache, opened)) {
      Run before = Run.read(run);
      Map<String, int[]> asked = tokens(before, opened);
      Set<String> wanted = new HashSet<>();
      long pairs = 0;
      for (String query : before.queries()) {
        List<ScoredPassage> first = first(before.ranking(query));
        first.forEach(ranked -> wanted.add(ranked.id()));
        pairs += first.size();
      }
      console.say(Machine.describe());
      try (PassageTokens passages = passages(scratch.path(), wanted, opened, console);
          Console.Progress progress = console.progress("rerank", pairs, "pairs")) {
        Reranking reranking = new Reranking(opened, asked, passages, batchTokens, known);
        Reranking.Reranked reranked = reranking.rerank(before, depth, progress::at);
        reranked.run().writeTrec(out, TAG);
        console.say(
            "rerank: scored %,d pairs; %,d were known"
                .formatted(reranked.computed(), reranked.known()));
      }
    }
  }

  private List<ScoredPassage> first(List<ScoredPassage> ranking) {
    return ranking.subList(0, Math.min(depth, ranking.size()));
  }

  private static ScoreCache openCache(Path folder, RerankingModel model) throws IOException {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw InputException.in(folder, "is a file; expected a folder of scores");
    }
    Files.createDirectories(folder);
    return ScoreCache.open(folder.resolve(model.fingerprint().substring(0, 16) + ".scores"), model);
  }

  /** Of the queries that the run ranks passages for. */
  private Map<String, int[]> tokens(Run before, RerankingModel opened) {
    Set<String> ranked = new HashSet<>(before.queries());
    Map<String, int[]> tokens = new HashMap<>();
    try (RecordReader<Query> reader = Queries.open(queries)) {
      for (Query query = reader.next(); query != null; query = reader.next()) {
        if (ranked.contains(query.id())) {
          tokens.put(query.id(), opened.tokens(query));
        }
      }
    }
    return tokens;
  }

  private PassageTokens passages(
      Path folder, Set<String> wanted, RerankingModel opened, Console console) {
    try (Console.Progress progress = console.progress("tokenize", -1, "passages")) {
      return PassageTokens.build(
          folder.resolve("passages.safetensors"),
          corpus,
          opened.tokenizer(),
          opened::tokens,
          wanted::contains,
          progress::at);
    }
  }
}
