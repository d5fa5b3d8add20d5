package io.condenser.benchmarks;

import io.condenser.model.BertConfig;
import io.condenser.model.BertLayout;
import io.condenser.model.Encoder;
import io.condenser.model.Fresh;
import io.condenser.model.Parameters;
import io.condenser.model.Pooling;
import io.condenser.model.Precision;
import io.condenser.model.RetrievalModel;
import io.condenser.model.RetrieverConfig;
import io.condenser.retrieval.Encoding;
import io.condenser.storage.Replacement;
import io.condenser.text.Passage;
import io.condenser.text.RecordReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Encoding of passages of real lengths: tokenising, model, writing.
 *
 * @param shape of the encoder
 * @param precision of the matrix products
 * @param passages in a repetition
 * @param longest tokens of a passage at most
 * @param times repetitions that are timed, after one that is not
 */
public record EncodeBench(Shape shape, Precision precision, int passages, int longest, int times) {
  /** Runs it. */
  public Measured run() throws IOException {
    Memory.forget();
    int[] lengths = Lengths.PASSAGES.of(passages, longest);
    List<Passage> texts =
        IntStream.range(0, passages)
            .mapToObj(i -> SyntheticText.passage(lengths[(i * 7919) % passages], i))
            .toList();
    Path folder = Files.createTempDirectory("condenser-bench");
    try (RetrievalModel model = model()) {
      Encoding<Passage> encoding = Encoding.passages(model, Encoding.TOKENS_PER_BATCH);
      List<Double> seconds =
          Timing.of(
              1,
              times,
              _ -> encoding.write(folder.resolve("embeddings"), RecordReader.of(texts), _ -> {}));
      return new Measured(
          "encode %s %s".formatted(shape, Measured.name(precision)),
          passages,
          Arrays.stream(lengths).asLongStream().sum(),
          seconds,
          shape.encoding(lengths),
          precision == Precision.INT8 ? 0 : MatrixPeak.measure(precision),
          Memory.peak());
    } finally {
      Replacement.deleteTree(folder);
    }
  }

  private RetrievalModel model() {
    BertConfig config = shape.config();
    Parameters parameters = new Parameters();
    Fresh.add(parameters, BertLayout.backbone(config), config.initializerRange(), 1);
    parameters.train(_ -> false);
    Encoder encoder = new Encoder(config, parameters, Pooling.MEAN, true);
    return new RetrievalModel(
        new RetrieverConfig(Pooling.MEAN, true, longest, longest, false, "", ""),
        SyntheticText.tokenizer(),
        encoder,
        encoder,
        precision,
        "benchmark");
  }
}
