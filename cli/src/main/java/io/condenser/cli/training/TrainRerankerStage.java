package io.condenser.cli.training;

import io.condenser.cli.Console;
import io.condenser.cli.Setting;
import io.condenser.cli.StageType;
import io.condenser.cli.plan.Costs;
import io.condenser.cli.plan.Size;
import io.condenser.cli.plan.Sizes;
import io.condenser.cli.plan.Work;
import io.condenser.model.BertConfig;
import io.condenser.model.CrossEncoder;
import io.condenser.model.ModelFolder;
import io.condenser.model.Precision;
import io.condenser.model.RerankerConfig;
import io.condenser.retrieval.JudgedPassages;
import io.condenser.storage.InputException;
import io.condenser.text.PassageTokens;
import io.condenser.text.WordPiece;
import io.condenser.training.RerankingLoss;
import io.condenser.training.RerankingSettings;
import io.condenser.training.RerankingTask;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Trains a cross-encoder (RocketQA §4.2) on judged queries, each with negatives that a retriever
 * ranked well: {@code mine --depth 1000} samples them. Several files of negatives make an instance
 * of each query each.
 */
public record TrainRerankerStage(
    @Setting("Model folder to start from; without a classifier it gets a fresh one") Path model,
    @Setting("The corpus: JSON lines or MS MARCO TSV, gzipped or not") Path corpus,
    @Setting("The queries, JSON lines or TSV") Path queries,
    @Setting("Train judgments: TREC qrels or BEIR TSV") Path qrels,
    @Setting("Files of negatives, as mine writes them; RocketQA samples of the first 1000 ranks")
        List<Path> negatives,
    @Setting("Model folder to write") Path out,
    @Setting(
            value =
                "pointwise (each pair by itself) or listwise (a softmax over a query's candidates)",
            byDefault = "pointwise")
        RerankingLoss loss,
    @Setting(value = "Passes over the instances; fractions are allowed", byDefault = "2")
        double epochs,
    @Setting(value = "Queries in a step", byDefault = "32") int batch,
    @Setting(value = "Negatives of each query in a step, at least 1", byDefault = "4")
        int negativesPerQuery,
    @Setting(value = "Peak learning rate", byDefault = "2e-5") double learningRate,
    @Setting(value = "Share of the steps in which the learning rate rises", byDefault = "0.1")
        double warmup,
    @Setting(value = "Longest query in tokens", byDefault = "32") int queryLength,
    @Setting(
            value = "Longest pair in tokens; the passage is cut to what is left",
            byDefault = "160")
        int length,
    @Setting(value = "Put a passage's title before its text", byDefault = "true") boolean useTitle,
    @Setting(value = "Dropout of hidden states", byDefault = "0.1") double dropout,
    @Setting(
            value = "Dropout of attention weights; above 0 it forgoes the fused kernel",
            byDefault = "0")
        double attentionDropout,
    @Setting(value = "Weight decay", byDefault = "0.01") double weightDecay,
    @Setting(value = "Bound on the gradient's norm", byDefault = "1") double clip,
    @Setting(
            value =
                "Tokens whose graphs may be held at once: the memory of a step; 0 takes what fits"
                    + " into half of the free memory",
            byDefault = "0",
            decides = false)
        int chunkTokens,
    @Setting(
            value =
                "Of the matrix products: fp32, bf16, fp16 (GPUs alone), or auto: what is faster here",
            byDefault = "auto")
        Precision precision,
    @Setting(value = "Seed of everything random", byDefault = "42") long seed,
    @Setting(value = "Steps between checkpoints", byDefault = "200") int checkpointEvery,
    @Setting(value = "Dev queries to keep the best checkpoint by", byDefault = Setting.ABSENT)
        @Nullable Path devQueries,
    @Setting(value = "Their judgments", byDefault = Setting.ABSENT) @Nullable Path devQrels,
    @Setting(value = "A run over them, which is reranked", byDefault = Setting.ABSENT)
        @Nullable Path devRun,
    @Setting(value = "Steps between those measurements; 0 measures never", byDefault = "0")
        int validateEvery,
    @Setting(
            value = "Processes on this machine that share each batch",
            byDefault = "1",
            decides = false)
        int workers,
    @Setting(
            value =
                "HOST:PORT of the first of several commands that share each batch, one a machine",
            byDefault = Setting.ABSENT,
            decides = false)
        @Nullable String rendezvous,
    @Setting(value = "This command's number among them, from 0", byDefault = "0", decides = false)
        int rank,
    @Setting(value = "How many commands meet there", byDefault = "1", decides = false) int world)
    implements TrainingStage {

  /** The command, and a recipe's step. */
  public static final StageType TYPE =
      StageType.of(
          "train-reranker",
          TrainRerankerStage.class,
          "Trains a cross-encoder on judged queries and negatives.",
          "train-reranker --model pretrained --corpus corpus.jsonl --queries queries.jsonl"
              + " --qrels qrels/train.tsv --negatives negatives.jsonl --out reranker");

  public TrainRerankerStage {
    negatives = List.copyOf(negatives);
    if (negatives.isEmpty()) {
      throw new InputException("negatives is empty; expected files as mine writes them");
    }
    new RerankingSettings(
        loss, epochs, batch, negativesPerQuery, chunkTokens, learningRate, warmup, precision, seed);
    TrainingRun.check(dropout, attentionDropout, weightDecay, clip, checkpointEvery, validateEvery);
    new RerankerConfig(queryLength, length, useTitle);
    new WorkerSettings(workers, rendezvous, rank, world).requireRows(batch);
    new RerankingMeasure.Files(devQueries, devQrels, devRun);
  }

  @Override
  public List<Path> inputs() {
    return Stream.concat(
            Stream.of(model, corpus, queries, qrels, devQueries, devQrels, devRun)
                .filter(Objects::nonNull),
            negatives.stream())
        .toList();
  }

  @Override
  public Work work(Sizes sizes) {
    Size encoder = sizes.encoder(model);
    return Costs.trainingReranker(
            sizes.judged(qrels),
            negatives.size(),
            sizes.queries(queries),
            sizes.passages(corpus),
            length,
            negativesPerQuery,
            encoder,
            loss.byRow(),
            new Costs.Training(
                epochs, batch, chunkTokens, precision, workers, world, sizes.freeMemory()))
        .making(out, encoder);
  }

  @Override
  public void run(Console console) throws IOException {
    ModelFolder start = ModelFolder.open(model);
    WordPiece tokenizer = start.tokenizer();
    RerankerConfig config = new RerankerConfig(queryLength, length, useTitle);
    config.requirePositions(start);
    JudgedPassages.requireKnown(qrels, corpus);
    TrainingRun.of(TYPE, this, team(), out, console, run -> train(start, tokenizer, config, run));
  }

  private WorkerSettings team() {
    return new WorkerSettings(workers, rendezvous, rank, world);
  }

  private void train(ModelFolder start, WordPiece tokenizer, RerankerConfig config, TrainingRun run)
      throws IOException {
    Console console = run.console();
    FinetuningReader reader =
        FinetuningReader.read(
            new FinetuningReader.Files(List.of(queries), List.of(qrels), negatives, List.of()),
            tokenizer,
            config);
    if (!start.hasClassifier()) {
      console.say("fresh pooler and classifier");
    }
    BertConfig shape = start.config().withDropout(dropout, attentionDropout);
    try (PassageTokens passages =
            reader.passages(run.folder(), corpus, negativesPerQuery, seed, console);
        CrossEncoder encoder = CrossEncoder.load(start, shape, seed);
        RerankingMeasure measure =
            run.workers().leads()
                ? measure(config, tokenizer, encoder, run.folder(), console)
                : null) {
      RerankingSettings settings =
          new RerankingSettings(
              loss,
              epochs,
              batch,
              negativesPerQuery,
              chunkTokens,
              learningRate,
              warmup,
              precision,
              seed);
      run.train(
          new RerankingTask(
              encoder,
              reader.data(passages),
              config::pair,
              tokenizer.padId(),
              settings,
              run.workers()),
          run.settings(weightDecay, clip, checkpointEvery, validateEvery),
          measure);
      if (run.workers().leads()) {
        ModelFolder.save(out, encoder, start.config(), tokenizer, config, run.provenance());
      }
    }
  }

  private @Nullable RerankingMeasure measure(
      RerankerConfig config,
      WordPiece tokenizer,
      CrossEncoder encoder,
      Path folder,
      Console console) {
    RerankingMeasure.Files files = new RerankingMeasure.Files(devQueries, devQrels, devRun);
    return RerankingMeasure.of(files, corpus, config, tokenizer, encoder, folder, console);
  }
}
