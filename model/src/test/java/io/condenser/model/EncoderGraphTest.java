package io.condenser.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.condenser.model.onnx.OnnxSession;
import io.condenser.text.TokenBatch;
import io.condenser.text.WordPiece;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ONNX graphs compute what the encoder does, as ONNX Runtime sees it. */
class EncoderGraphTest {
  private static final int PIECES = 40;
  private static final int HIDDEN = 64;

  @TempDir Path temp;

  @ParameterizedTest
  @CsvSource({"CLS, false", "CLS, true", "MEAN, false", "MEAN, true"})
  void fp32IsTheEncoder(Pooling pooling, boolean normalize) throws IOException {
    ModelFolder folder = save(retriever(pooling, normalize), null);
    float[] found = run(folder, false);
    float[] expected = embed(folder, Precision.FP32).passages();
    assertThat(found).containsExactly(expected, within(1e-5f));
  }

  @ParameterizedTest
  @CsvSource({"CLS, false", "MEAN, true"})
  void int8IsCloseToIt(Pooling pooling, boolean normalize) throws IOException {
    ModelFolder folder = save(retriever(pooling, normalize), null);
    float[] expected = embed(folder, Precision.FP32).passages();
    assertThat(leastCosine(expected, run(folder, true))).isGreaterThan(0.99);
    assertThat(leastCosine(expected, embed(folder, Precision.INT8).passages())).isGreaterThan(0.99);
  }

  @Test
  void anInt8VectorIsTheSameInAnyBatch() {
    ModelFolder folder = save(retriever(Pooling.MEAN, true), null);
    try (RetrievalModel model = RetrievalModel.open(folder.path(), Precision.INT8)) {
      float[] together = model.embedPassages(batch());
      for (int row = 0; row < batch().rows(); row++) {
        assertThat(model.embedPassages(batch().slice(row, row + 1)))
            .isEqualTo(Arrays.copyOfRange(together, row * HIDDEN, (row + 1) * HIDDEN));
      }
    }
  }

  @Test
  void int8OfAnUntiedModelHasBothEncoders() {
    ModelFolder folder = save(retriever(Pooling.CLS, false), 2L);
    Vectors expected = embed(folder, Precision.FP32);
    Vectors found = embed(folder, Precision.INT8);
    assertThat(leastCosine(expected.passages(), found.passages())).isGreaterThan(0.99);
    assertThat(leastCosine(expected.queries(), found.queries())).isGreaterThan(0.99);
    assertThat(leastCosine(expected.queries(), found.passages())).isLessThan(0.9);
  }

  private record Vectors(float[] queries, float[] passages) {}

  private static Vectors embed(ModelFolder folder, Precision precision) {
    try (RetrievalModel model = RetrievalModel.open(folder.path(), precision)) {
      return new Vectors(model.embedQueries(batch()), model.embedPassages(batch()));
    }
  }

  private float[] run(ModelFolder folder, boolean int8) throws IOException {
    Path file = temp.resolve("model.onnx");
    EncoderGraph.write(file, folder, folder.retriever(), int8);
    try (Arena arena = Arena.ofConfined();
        FileChannel channel = FileChannel.open(file)) {
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      try (OnnxSession session = new OnnxSession(bytes, HIDDEN, 1)) {
        return session.run(batch());
      }
    }
  }

  /** Rows of 3 to 12 tokens, the last part of each of the second type. */
  private static TokenBatch batch() {
    TokenBatch plain =
        TokenBatch.of(
            IntStream.rangeClosed(3, 12)
                .mapToObj(n -> IntStream.range(0, n).map(i -> 5 + (7 * n + 3 * i) % 35).toArray())
                .toList(),
            0);
    int[] types =
        IntStream.range(0, plain.ids().length).map(i -> i % plain.length() / 2 % 2).toArray();
    return new TokenBatch(plain.rows(), plain.length(), plain.ids(), plain.lengths(), types);
  }

  private static double leastCosine(float[] a, float[] b) {
    return IntStream.range(0, a.length / HIDDEN)
        .mapToDouble(row -> cosine(a, b, row * HIDDEN))
        .min()
        .orElseThrow();
  }

  private static double cosine(float[] a, float[] b, int from) {
    double product = 0;
    double first = 0;
    double second = 0;
    for (int i = from; i < from + HIDDEN; i++) {
      product += (double) a[i] * b[i];
      first += (double) a[i] * a[i];
      second += (double) b[i] * b[i];
    }
    return product / Math.sqrt(first * second);
  }

  private static RetrieverConfig retriever(Pooling pooling, boolean normalize) {
    return new RetrieverConfig(pooling, normalize, 32, 128, true, "", "");
  }

  private ModelFolder save(RetrieverConfig retriever, @Nullable Long querySeed) {
    BertConfig config = BertConfig.of(PIECES, HIDDEN, 3, 4);
    List<String> pieces =
        Stream.concat(
                Stream.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"),
                IntStream.range(5, PIECES).mapToObj(i -> "piece" + i))
            .toList();
    try (Parameters passages = random(config, 1);
        Parameters queries = random(config, querySeed == null ? 1 : querySeed)) {
      ModelFolder.save(
          temp.resolve("model"),
          config,
          passages,
          querySeed == null ? null : queries,
          WordPiece.of(pieces, true),
          retriever,
          "{}");
    }
    return ModelFolder.open(temp.resolve("model"));
  }

  /** Random weights, biases and scales among them: what is left out of a graph must show. */
  private static Parameters random(BertConfig config, long seed) {
    Parameters parameters = new Parameters();
    Fresh.add(parameters, BertLayout.backbone(config), 0.2, seed);
    try (PointerScope _ = new PointerScope();
        InferenceMode _ = new InferenceMode(true)) {
      parameters
          .tensors()
          .forEach((name, tensor) -> {
            Tensor noise = torch.empty(tensor.shape()).normal_(0, 0.1, new GeneratorOptional());
            tensor.add_(noise);
          });
    }
    return parameters;
  }
}
