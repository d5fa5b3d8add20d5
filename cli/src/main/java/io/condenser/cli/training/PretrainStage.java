package io.condenser.cli.training;

import io.condenser.cli.Console;
import io.condenser.cli.Setting;
import io.condenser.cli.StageType;
import io.condenser.cli.plan.Costs;
import io.condenser.cli.plan.Size;
import io.condenser.cli.plan.Sizes;
import io.condenser.cli.plan.Work;
import io.condenser.model.BertConfig;
import io.condenser.model.BertLayout;
import io.condenser.model.Encoder;
import io.condenser.model.Fresh;
import io.condenser.model.ModelFolder;
import io.condenser.model.Parameters;
import io.condenser.model.Pooling;
import io.condenser.model.Precision;
import io.condenser.model.PretrainingModel;
import io.condenser.model.RetrieverConfig;
import io.condenser.storage.InputException;
import io.condenser.text.Packing;
import io.condenser.text.SpanSampler;
import io.condenser.text.TokenStore;
import io.condenser.text.WholeWordMasks;
import io.condenser.text.WordPiece;
import io.condenser.training.PretrainingSettings;
import io.condenser.training.PretrainingSettings.Objective;
import io.condenser.training.PretrainingTask;
import io.condenser.training.workers.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Pre-trains an encoder on a corpus (Gao &amp; Callan 2021a, 2021b). Writes a model folder with its
 * heads; metrics and checkpoints stand beside it in {@code OUT-training}.
 */
public record PretrainStage(
    @Setting("Model folder to start from") Path model,
    @Setting("The corpus: JSON lines or MS MARCO TSV, gzipped or not") Path corpus,
    @Setting("Model folder to write") Path out,
    @Setting(value = "What is learnt: mlm, condenser or cocondenser", byDefault = "cocondenser")
        Objective objective,
    @Setting(value = "Passes over the corpus; fractions are allowed", byDefault = "8")
        double epochs,
    @Setting(
            value = "Documents (cocondenser: two spans each) or sequences in a step",
            byDefault = "256")
        int batch,
    @Setting(value = "Peak learning rate", byDefault = "1e-4") double learningRate,
    @Setting(value = "Share of the steps in which the learning rate rises", byDefault = "0.1")
        double warmup,
    @Setting(value = "Longest span in tokens, 16 to 512", byDefault = "128") int spanLength,
    @Setting(value = "Layers before the skip to the head; -1 is half of them", byDefault = "-1")
        int earlyLayers,
    @Setting(value = "Depth of the Condenser head", byDefault = "2") int headLayers,
    @Setting(
            value =
                "Make the heads anew that the model lacks; without it a missing one is an error",
            byDefault = "false")
        boolean freshHead,
    @Setting(
            value =
                "Steps that train fresh heads alone before all others begin, if any is fresh; -1 is 200",
            byDefault = "-1")
        int headWarmupSteps,
    @Setting(value = "Peak learning rate of those steps", byDefault = "1e-3")
        double headLearningRate,
    @Setting(value = "The text's vector: cls (the papers') or mean", byDefault = "cls")
        Pooling pooling,
    @Setting(value = "Compare vectors by cosine (then lower the temperature)", byDefault = "false")
        boolean normalize,
    @Setting(value = "Temperature of the contrastive loss; the paper's is 1", byDefault = "1")
        double temperature,
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
    @Setting(
            value = "Dev queries to measure retrieval by while training",
            byDefault = Setting.ABSENT)
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
          "pretrain",
          PretrainStage.class,
          "Pre-trains an encoder on a corpus: MLM, Condenser or coCondenser.",
          "pretrain --model bert-base --corpus corpus.jsonl --fresh-head --out pretrained");

  private static final int HEAD_WARMUP_STEPS = 200;

  public PretrainStage {
    new PretrainingSettings( // refuses what is out of range
        objective,
        epochs,
        batch,
        chunkTokens,
        learningRate,
        warmup,
        temperature,
        0,
        headLearningRate,
        precision,
        seed);
    new WorkerSettings(workers, rendezvous, rank, world).requireRows(batch);
    TrainingRun.check(dropout, attentionDropout, weightDecay, clip, checkpointEvery, validateEvery);
    DevMeasure.check(devQueries, devQrels);
    new Packing(spanLength, Packing.SHORTER, seed);
    if (headLayers < 1 || headLayers > 12) {
      throw new InputException("head-layers is %d; expected 1 to 12".formatted(headLayers));
    }
    atLeast(-1, "early-layers", earlyLayers);
    atLeast(-1, "head-warmup-steps", headWarmupSteps);
  }

  private PretrainingSettings settings(int headSteps) {
    return new PretrainingSettings(
        objective,
        epochs,
        batch,
        chunkTokens,
        learningRate,
        warmup,
        temperature,
        headSteps,
        headLearningRate,
        precision,
        seed);
  }

  private static void atLeast(int least, String name, int value) {
    if (value < least) {
      throw new InputException("%s is %d; expected %d or more".formatted(name, value, least));
    }
  }

  @Override
  public List<Path> inputs() {
    return Stream.of(model, corpus, devQueries, devQrels).filter(Objects::nonNull).toList();
  }

  @Override
  public Work work(Sizes sizes) {
    Size encoder = sizes.encoder(model);
    Costs.Training training =
        new Costs.Training(
            epochs, batch, chunkTokens, precision, workers, world, sizes.freeMemory());
    return Costs.pretraining(
            sizes.passages(corpus),
            encoder,
            training,
            spanLength,
            hasCondenserHead() ? headLayers : 0,
            objective == Objective.COCONDENSER,
            headSteps(freshHead))
        .making(out, encoder);
  }

  @Override
  public void run(Console console) throws IOException {
    ModelFolder start = ModelFolder.open(model);
    TrainingRun.of(TYPE, this, team(), out, console, run -> train(start, run));
  }

  private WorkerSettings team() {
    return new WorkerSettings(workers, rendezvous, rank, world);
  }

  private void train(ModelFolder start, TrainingRun run) throws IOException {
    WordPiece tokenizer = start.tokenizer();
    Console console = run.console();
    Path tokens = run.folder().resolve("tokens.safetensors");
    try (PretrainingModel trained = load(start, console);
        TokenStore store = tokenize(tokens, tokenizer, console)) {
      console.say(
          "%,d documents, %,d of at least two spans; %,d spans, %,d tokens"
              .formatted(
                  store.documents(), store.pairedDocuments(), store.spans(), store.tokens()));
      RetrieverConfig retriever = retriever(start);
      Encoder encoder = new Encoder(trained.config(), trained.parameters(), pooling, normalize);
      run.train(
          task(start, trained, store, tokenizer, run.workers()),
          run.settings(weightDecay, clip, checkpointEvery, validateEvery),
          run.workers().leads()
              ? DevMeasure.of(
                  devQueries,
                  devQrels,
                  corpus,
                  retriever,
                  tokenizer,
                  encoder,
                  encoder,
                  run.folder())
              : null);
      if (run.workers().leads()) {
        ModelFolder.save(
            out,
            start.config(),
            trained.parameters(),
            null,
            tokenizer,
            retriever,
            run.provenance());
      }
    }
  }

  private TokenStore tokenize(Path tokens, WordPiece tokenizer, Console console) {
    try (Console.Progress progress = console.progress("tokenize", -1, "passages")) {
      Packing packing = new Packing(spanLength, Packing.SHORTER, seed);
      TokenStore.build(tokens, corpus, tokenizer, packing, progress::at);
    }
    return TokenStore.open(tokens, tokenizer);
  }

  /** The model's own, with the vector that was trained. */
  private RetrieverConfig retriever(ModelFolder start) {
    RetrieverConfig old = start.retriever();
    return new RetrieverConfig(
        pooling,
        normalize,
        old.queryLength(),
        old.passageLength(),
        old.useTitle(),
        old.queryPrefix(),
        old.passagePrefix());
  }

  private PretrainingTask task(
      ModelFolder start,
      PretrainingModel trained,
      TokenStore store,
      WordPiece tokenizer,
      Workers sharing) {
    boolean freshMlm = !start.hasMlmHead();
    boolean freshCondenser = hasCondenserHead() && start.headLayers() == 0;
    PretrainingSettings settings = settings(headSteps(freshMlm || freshCondenser));
    SpanSampler sampler = new SpanSampler(store, tokenizer, spanLength, seed);
    WholeWordMasks masks = new WholeWordMasks(tokenizer, seed, WholeWordMasks.PROBABILITY);
    return new PretrainingTask(
        trained,
        sampler,
        masks,
        tokenizer.padId(),
        settings,
        name ->
            (freshMlm && BertLayout.inMlmHead(name))
                || (freshCondenser && BertLayout.inCondenserHead(name)),
        sharing);
  }

  /** None without a fresh head: nothing would learn in them. */
  private int headSteps(boolean fresh) {
    int wanted = headWarmupSteps < 0 ? HEAD_WARMUP_STEPS : headWarmupSteps;
    return fresh ? wanted : 0;
  }

  private boolean hasCondenserHead() {
    return objective != Objective.MLM;
  }

  private PretrainingModel load(ModelFolder start, Console console) {
    BertConfig config = start.config().withDropout(dropout, attentionDropout);
    int early = earlyLayers < 0 ? config.numHiddenLayers() / 2 : earlyLayers;
    if (early > config.numHiddenLayers()) {
      throw new InputException(
          "early-layers is %d; the model has %d layers".formatted(early, config.numHiddenLayers()));
    }
    if (spanLength > config.maxPositionEmbeddings()) {
      throw new InputException(
          "span-length is %d; the model has %d positions"
              .formatted(spanLength, config.maxPositionEmbeddings()));
    }
    Parameters parameters = new Parameters();
    start.loadBackbone(parameters, ScalarType.Float);
    if (start.hasMlmHead()) {
      start.loadMlmHead(parameters, ScalarType.Float);
    } else {
      requireFresh("MLM head");
      console.say("fresh MLM head");
      Fresh.add(parameters, BertLayout.mlmHead(config), config.initializerRange(), seed);
    }
    if (hasCondenserHead()) {
      loadCondenserHead(start, config, parameters, console);
    }
    return new PretrainingModel(
        config, parameters, early, hasCondenserHead() ? headLayers : 0, pooling, normalize);
  }

  private void loadCondenserHead(
      ModelFolder start, BertConfig config, Parameters parameters, Console console) {
    if (start.headLayers() == headLayers) {
      start.loadCondenserHead(parameters, headLayers, ScalarType.Float);
    } else if (start.headLayers() > 0) {
      throw InputException.in(
          model,
          "its Condenser head has %d layers; head-layers is %d"
              .formatted(start.headLayers(), headLayers));
    } else {
      requireFresh("Condenser head");
      console.say("fresh Condenser head of " + headLayers + " layers");
      Fresh.add(
          parameters,
          BertLayout.condenserHead(config, headLayers),
          config.initializerRange(),
          seed);
    }
  }

  private void requireFresh(String head) {
    if (!freshHead) {
      throw InputException.in(
          model,
          "has no %s; give fresh-head to begin with a fresh one, or start from a model that kept its own"
              .formatted(head));
    }
  }
}
