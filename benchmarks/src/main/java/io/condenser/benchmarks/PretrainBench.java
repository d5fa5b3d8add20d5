package io.condenser.benchmarks;

import io.condenser.model.BertConfig;
import io.condenser.model.BertLayout;
import io.condenser.model.Fresh;
import io.condenser.model.Parameters;
import io.condenser.model.Pooling;
import io.condenser.model.Precision;
import io.condenser.model.PretrainingModel;
import io.condenser.storage.Replacement;
import io.condenser.text.Packing;
import io.condenser.text.SpanSampler;
import io.condenser.text.TokenStore;
import io.condenser.text.WholeWordMasks;
import io.condenser.text.WordPiece;
import io.condenser.training.PretrainingSettings;
import io.condenser.training.PretrainingTask;
import io.condenser.training.Stepper;
import io.condenser.training.workers.Workers;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Steps of coCondenser on spans of real lengths: all of a step, from drawing its rows to the moved
 * weights.
 *
 * @param shape of the backbone; the head has two layers
 * @param precision of the matrix products
 * @param documents in a step, two spans each
 * @param chunkTokens tokens whose graphs may be held at once
 * @param warm steps before those that are timed
 * @param steps that are timed
 */
public record PretrainBench(
    Shape shape, Precision precision, int documents, int chunkTokens, int warm, int steps) {
  private static final int SPAN_LENGTH = 128;
  private static final int HEAD_LAYERS = 2;
  private static final double DROPOUT = 0.1;
  private static final double WEIGHT_DECAY = 0.01;

  /** Runs it. */
  public Measured run() throws IOException {
    Memory.forget();
    Path folder = Files.createTempDirectory("condenser-bench");
    try {
      WordPiece tokenizer = SyntheticText.tokenizer();
      int[] lengths = Lengths.SPANS.of(2 * documents, SPAN_LENGTH);
      Path tokens = folder.resolve("tokens.safetensors");
      TokenStore.build(
          tokens,
          corpus(folder.resolve("corpus.jsonl"), lengths),
          tokenizer,
          new Packing(SPAN_LENGTH, 0, 1),
          _ -> {});
      try (TokenStore store = TokenStore.open(tokens, tokenizer);
          PretrainingModel model = model()) {
        return measure(store, tokenizer, model, lengths);
      }
    } finally {
      Replacement.deleteTree(folder);
    }
  }

  /** As many documents as a step takes, so that all steps see the same lengths. */
  private Path corpus(Path file, int[] lengths) throws IOException {
    try (Writer out = Files.newBufferedWriter(file)) {
      for (int i = 0; i < documents; i++) {
        // A long span beside a short one.
        String first = SyntheticText.text(lengths[i], i);
        String second = SyntheticText.text(lengths[lengths.length - 1 - i], documents + i);
        out.write("{\"_id\":\"%d\",\"spans\":[\"%s\",\"%s\"]}\n".formatted(i, first, second));
      }
    }
    return file;
  }

  private PretrainingModel model() {
    BertConfig config = shape.config().withDropout(DROPOUT, 0);
    Parameters parameters = new Parameters();
    Fresh.add(parameters, BertLayout.backbone(config), config.initializerRange(), 1);
    Fresh.add(parameters, BertLayout.mlmHead(config), config.initializerRange(), 2);
    Fresh.add(
        parameters, BertLayout.condenserHead(config, HEAD_LAYERS), config.initializerRange(), 3);
    return new PretrainingModel(
        config, parameters, shape.layers() / 2, HEAD_LAYERS, Pooling.CLS, false);
  }

  private Measured measure(
      TokenStore store, WordPiece tokenizer, PretrainingModel model, int[] lengths)
      throws IOException {
    PretrainingSettings settings =
        new PretrainingSettings(
            PretrainingSettings.Objective.COCONDENSER,
            warm + steps,
            documents,
            chunkTokens,
            1e-4,
            0.1,
            1,
            0,
            1e-3,
            precision,
            1);
    PretrainingTask task =
        new PretrainingTask(
            model,
            new SpanSampler(store, tokenizer, SPAN_LENGTH, 1),
            new WholeWordMasks(tokenizer, 1, WholeWordMasks.PROBABILITY),
            tokenizer.padId(),
            settings,
            _ -> true,
            Workers.alone());
    List<Double> seconds;
    try (Stepper stepper = new Stepper(task, WEIGHT_DECAY, 1)) {
      seconds = Timing.of(warm, steps, stepper::take);
    }
    int masked =
        Arrays.stream(lengths)
            .map(length -> (int) Math.round(WholeWordMasks.PROBABILITY * (length - 2)))
            .sum();
    return new Measured(
        "pretrain %s %s".formatted(shape, Measured.name(precision)),
        lengths.length,
        Arrays.stream(lengths).asLongStream().sum(),
        seconds,
        shape.cocondenser(lengths, HEAD_LAYERS, masked),
        MatrixPeak.measure(precision),
        Memory.peak());
  }
}
