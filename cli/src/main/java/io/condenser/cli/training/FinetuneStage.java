package io.condenser.cli.training;

import io.condenser.cli.Console;
import io.condenser.cli.LongTexts;
import io.condenser.cli.Setting;
import io.condenser.cli.StageType;
import io.condenser.cli.plan.Costs;
import io.condenser.cli.plan.Size;
import io.condenser.cli.plan.Sizes;
import io.condenser.cli.plan.Work;
import io.condenser.model.BertConfig;
import io.condenser.model.Encoder;
import io.condenser.model.ModelFolder;
import io.condenser.model.Parameters;
import io.condenser.model.Pooling;
import io.condenser.model.Precision;
import io.condenser.model.RetrieverConfig;
import io.condenser.retrieval.JudgedPassages;
import io.condenser.storage.InputException;
import io.condenser.text.PassageTokens;
import io.condenser.text.WordPiece;
import io.condenser.training.Distillation;
import io.condenser.training.FinetuningSettings;
import io.condenser.training.FinetuningTask;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Fine-tunes a bi-encoder (DPR; coCondenser §4): softmax over a query's positive, its hard
 * negatives and the batch's other passages; with a teacher also what a cross-encoder says of them.
 * Each file of negatives makes an instance of every query that it holds.
 */
public record FinetuneStage(
    @Setting("Model folder to start from") Path model,
    @Setting("The corpus: JSON lines or MS MARCO TSV, gzipped or not") Path corpus,
    @Setting("The queries, JSON lines or TSV; all of several files") List<Path> queries,
    @Setting("Train judgments: TREC qrels or BEIR TSV; all of several files") List<Path> qrels,
    @Setting(
            value =
                "Files of hard negatives, as mine writes them; random passages stand in where a query has too few",
            byDefault = Setting.ABSENT)
        List<Path> negatives,
    @Setting("Model folder to write") Path out,
    @Setting(value = "Passes over the instances; fractions are allowed", byDefault = "3")
        double epochs,
    @Setting(value = "Queries in a step", byDefault = "32") int batch,
    @Setting(value = "Hard negatives of each query in a step", byDefault = "1")
        int negativesPerQuery,
    @Setting(value = "Peak learning rate", byDefault = "2e-5") double learningRate,
    @Setting(value = "Share of the steps in which the learning rate rises", byDefault = "0.1")
        double warmup,
    @Setting(value = "What scores are divided by; the papers' is 1", byDefault = "1")
        double temperature,
    @Setting(
            value =
                "Reranked runs over the training queries, whose scores are a cross-encoder's logits",
            byDefault = Setting.ABSENT)
        List<Path> teacher,
    @Setting(
            value =
                "What is learned from the teacher: none, kl (its distribution over candidates) or"
                    + " margin-mse (how far the positive is ahead)",
            byDefault = "none")
        Distillation.Objective distillation,
    @Setting(
            value = "Weight w of the teacher, above 0 to 1; that of the contrastive loss is 1 - w",
            byDefault = "0.5")
        double distillationWeight,
    @Setting(
            value = "Passages of the teacher's run for each query in a step, besides its positive",
            byDefault = "4")
        int distillationCandidates,
    @Setting(value = "What the teacher's logits are divided by", byDefault = "1")
        double teacherTemperature,
    @Setting(value = "The text's vector: own (what the model has), cls or mean", byDefault = "own")
        Vector vector,
    @Setting(value = "Scale vectors to length 1 (then lower the temperature)", byDefault = "false")
        boolean normalize,
    @Setting(value = "An encoder of their own for queries", byDefault = "false") boolean untied,
    @Setting(value = "Longest query in tokens, besides the encoder's prefix", byDefault = "32")
        int queryLength,
    @Setting(value = "Longest passage in tokens, besides the encoder's prefix", byDefault = "128")
        int passageLength,
    @Setting(value = "Put a passage's title before its text", byDefault = "true") boolean useTitle,
    @Setting(
            value = "Leave passages judged relevant to a query out of its in-batch negatives",
            byDefault = "true")
        boolean excludeJudged,
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
          "finetune",
          FinetuneStage.class,
          "Fine-tunes a bi-encoder on judged queries and hard negatives.",
          "finetune --model pretrained --corpus corpus.jsonl --queries queries.jsonl"
              + " --qrels qrels/train.tsv --negatives bm25.jsonl --out round-1");

  /** Which vector stands for a text. */
  public enum Vector {
    OWN,
    CLS,
    MEAN
  }

  public FinetuneStage {
    queries = filled("queries", queries);
    qrels = filled("qrels", qrels);
    negatives = List.copyOf(negatives);
    new WorkerSettings(workers, rendezvous, rank, world).requireRows(batch);
    teacher = List.copyOf(teacher);
    if (teacher.isEmpty() != (distillation == Distillation.Objective.NONE)) {
      throw new InputException(
          teacher.isEmpty()
              ? "distillation is given without a teacher, which is a reranked run"
              : "a teacher is given, but distillation is none; expected kl or margin-mse");
    }
    TrainingRun.check(dropout, attentionDropout, weightDecay, clip, checkpointEvery, validateEvery);
    DevMeasure.check(devQueries, devQrels);
    new RetrieverConfig(Pooling.CLS, normalize, queryLength, passageLength, useTitle, "", "");
    new FinetuningSettings(
        epochs,
        batch,
        negativesPerQuery,
        chunkTokens,
        learningRate,
        warmup,
        temperature,
        excludeJudged,
        new Distillation(
            distillation, distillationWeight, teacherTemperature, distillationCandidates),
        precision,
        seed);
  }

  private static List<Path> filled(String name, List<Path> files) {
    if (files.isEmpty()) {
      throw new InputException(name + " is empty; expected at least one file");
    }
    return List.copyOf(files);
  }

  @Override
  public List<Path> inputs() {
    return Stream.of(
            List.of(model, corpus),
            queries,
            qrels,
            negatives,
            teacher,
            Stream.of(devQueries, devQrels).filter(Objects::nonNull).toList())
        .flatMap(List::stream)
        .toList();
  }

  @Override
  public Work work(Sizes sizes) {
    Size encoder = sizes.encoder(model);
    Costs.Training training =
        new Costs.Training(
            epochs, batch, chunkTokens, precision, workers, world, sizes.freeMemory());
    return Costs.finetuning(
            qrels.stream().mapToDouble(sizes::judged).sum(),
            negatives.size(),
            Size.together(queries.stream().map(sizes::queries).toList()),
            queryLength,
            sizes.passages(corpus),
            passageLength,
            negativesPerQuery + (teacher.isEmpty() ? 0 : distillationCandidates),
            encoder,
            untied ? 2 : 1,
            training)
        .making(out, encoder);
  }

  @Override
  public void run(Console console) throws IOException {
    ModelFolder start = ModelFolder.open(model);
    retriever(start).requirePositions(start);
    qrels.forEach(file -> JudgedPassages.requireKnown(file, corpus));
    TrainingRun.of(TYPE, this, team(), out, console, run -> train(start, run));
  }

  private WorkerSettings team() {
    return new WorkerSettings(workers, rendezvous, rank, world);
  }

  private void train(ModelFolder start, TrainingRun run) throws IOException {
    WordPiece tokenizer = start.tokenizer();
    RetrieverConfig retriever = retriever(start);
    FinetuningReader reader =
        FinetuningReader.read(
            new FinetuningReader.Files(queries, qrels, negatives, teacher), tokenizer, retriever);
    reader.describe(run.console());
    BertConfig config = start.config().withDropout(dropout, attentionDropout);
    try (PassageTokens passages =
            reader.passages(run.folder(), corpus, negativesPerQuery, seed, run.console());
        Encoder passageEncoder = encoder(start, config, retriever)) {
      int length = retriever.passageLength();
      LongTexts.say(run.console(), passages.reaching(length), passages.size(), length);
      Encoder queryEncoder =
          untied ? encoder(start.queryEncoder(), config, retriever) : passageEncoder;
      FinetuningSettings settings =
          new FinetuningSettings(
              epochs,
              batch,
              negativesPerQuery,
              chunkTokens,
              learningRate,
              warmup,
              temperature,
              excludeJudged,
              new Distillation(
                  distillation, distillationWeight, teacherTemperature, distillationCandidates),
              precision,
              seed);
      run.train(
          new FinetuningTask(
              queryEncoder,
              passageEncoder,
              reader.data(passages),
              tokenizer.padId(),
              settings,
              run.workers()),
          run.settings(weightDecay, clip, checkpointEvery, validateEvery),
          run.workers().leads()
              ? DevMeasure.of(
                  devQueries,
                  devQrels,
                  corpus,
                  retriever,
                  tokenizer,
                  queryEncoder,
                  passageEncoder,
                  run.folder())
              : null);
      if (run.workers().leads()) {
        ModelFolder.save(
            out,
            start.config(),
            passageEncoder.parameters(),
            untied ? queryEncoder.parameters() : null,
            tokenizer,
            retriever,
            run.provenance());
      }
      if (untied) {
        queryEncoder.close();
      }
    }
  }

  private RetrieverConfig retriever(ModelFolder start) {
    RetrieverConfig own = start.retriever();
    Pooling pooling =
        switch (vector) {
          case OWN -> own.pooling();
          case CLS -> Pooling.CLS;
          case MEAN -> Pooling.MEAN;
        };
    return new RetrieverConfig(
        pooling,
        normalize,
        lengthWith(own.queryPrefix(), queryLength, start),
        lengthWith(own.passagePrefix(), passageLength, start),
        useTitle,
        own.queryPrefix(),
        own.passagePrefix());
  }

  /**
   * The prefix takes no tokens of the text while there are positions; more are refused elsewhere.
   */
  private static int lengthWith(String prefix, int length, ModelFolder start) {
    int positions = start.config().maxPositionEmbeddings();
    if (prefix.isEmpty() || length > positions) {
      return length;
    }
    return Math.min(positions, length + start.tokenizer().encode(prefix).length);
  }

  private static Encoder encoder(ModelFolder folder, BertConfig config, RetrieverConfig retriever) {
    Parameters parameters = new Parameters();
    folder.loadBackbone(parameters, ScalarType.Float);
    return new Encoder(config, parameters, retriever.pooling(), retriever.normalize());
  }
}
