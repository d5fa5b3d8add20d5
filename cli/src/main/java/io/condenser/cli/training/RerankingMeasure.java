package io.condenser.cli.training;

import io.condenser.cli.Console;
import io.condenser.evaluation.Evaluation;
import io.condenser.evaluation.Measure;
import io.condenser.evaluation.Run;
import io.condenser.evaluation.ScoredPassage;
import io.condenser.model.CrossEncoder;
import io.condenser.model.Precision;
import io.condenser.model.RerankerConfig;
import io.condenser.model.RerankingModel;
import io.condenser.retrieval.Reranking;
import io.condenser.storage.InputException;
import io.condenser.text.PassageTokens;
import io.condenser.text.Query;
import io.condenser.text.WordPiece;
import io.condenser.training.Validation;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * RR@10 of up to {@value #QUERIES} dev queries after the first {@value #DEPTH} ranks of a run over
 * them are reranked; the same sample every time.
 */
final class RerankingMeasure implements Validation, AutoCloseable {
  private static final int QUERIES = 100;
  private static final int DEPTH = 20;
  private static final int TOKENS_PER_BATCH = 4096;
  private static final Measure MEASURE = Measure.parse("RR@10");

  private final DevQueries dev;
  private final Run run;
  private final PassageTokens passages;
  private final Reranking reranking;

  private RerankingMeasure(DevQueries dev, Run run, PassageTokens passages, Reranking reranking) {
    this.dev = dev;
    this.run = run;
    this.passages = passages;
    this.reranking = reranking;
  }

  /** The files of a measure; all of them or none. */
  record Files(@Nullable Path queries, @Nullable Path qrels, @Nullable Path run) {
    Files {
      long given = Stream.of(queries, qrels, run).filter(path -> path != null).count();
      if (given != 0 && given != 3) {
        throw new InputException(
            "dev-queries, dev-qrels and dev-run belong together; give all of them or none");
      }
    }
  }

  /**
   * A measure of the encoder as it is whenever it is taken; null where no files are given.
   *
   * @param folder for the passages' tokens
   */
  static @Nullable RerankingMeasure of(
      Files files,
      Path corpus,
      RerankerConfig config,
      WordPiece tokenizer,
      CrossEncoder encoder,
      Path folder,
      Console console) {
    if (files.queries() == null || files.qrels() == null || files.run() == null) {
      return null;
    }
    DevQueries dev = DevQueries.sample(files.queries(), files.qrels(), QUERIES);
    RerankingModel model =
        new RerankingModel(config, tokenizer, encoder, Precision.AUTO, "in training");
    Run run = firstRanks(Run.read(files.run()), dev.queries());
    if (run.queries().isEmpty()) {
      throw InputException.in(files.run(), "ranks passages for none of the dev queries");
    }
    Map<String, int[]> queries = new HashMap<>();
    dev.queries().forEach(query -> queries.put(query.id(), model.tokens(query)));
    PassageTokens passages = tokens(run, corpus, model, folder, console);
    return new RerankingMeasure(
        dev, run, passages, new Reranking(model, queries, passages, TOKENS_PER_BATCH, null));
  }

  private static Run firstRanks(Run run, List<Query> queries) {
    Run.Builder first = new Run.Builder();
    for (Query query : queries) {
      run.ranking(query.id()).stream()
          .limit(DEPTH)
          .forEach(ranked -> first.add(query.id(), ranked.id(), ranked.score()));
    }
    return first.build();
  }

  private static PassageTokens tokens(
      Run run, Path corpus, RerankingModel model, Path folder, Console console) {
    Set<String> wanted = new HashSet<>();
    for (String query : run.queries()) {
      run.ranking(query).stream().map(ScoredPassage::id).forEach(wanted::add);
    }
    try (Console.Progress progress = console.progress("tokenize dev", -1, "passages")) {
      return PassageTokens.build(
          folder.resolve("dev-passages.safetensors"),
          corpus,
          model.tokenizer(),
          model::tokens,
          wanted::contains,
          progress::at);
    }
  }

  @Override
  public double measure() {
    Run reranked = reranking.rerank(run, DEPTH, _ -> {}).run();
    return Evaluation.of(dev.qrels(), reranked, List.of(MEASURE)).mean(MEASURE);
  }

  @Override
  public void close() {
    passages.close();
  }
}
