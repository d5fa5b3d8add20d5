package io.condenser.model;

import io.condenser.model.onnx.Attribute;
import io.condenser.model.onnx.OnnxModel;
import io.condenser.model.onnx.OnnxSession;
import io.condenser.storage.DType;
import io.condenser.storage.Replacement;
import io.condenser.storage.StoredTensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * An encoder with pooling as a graph of ONNX: what {@link Encoder} computes without dropout.
 * Matrices stand there as [in, out].
 */
public final class EncoderGraph {
  private static final String BATCH = "batch";
  private static final String SEQUENCE = "sequence";

  /** Added to the scores of padding: no token sees what a softmax makes of it. */
  private static final float HIDDEN = -1e9f;

  private static final long FLOAT = 1; // TensorProto.DataType

  private final BertConfig config;
  private final Parameters parameters;
  private final boolean int8;
  private final OnnxModel model = new OnnxModel("encoder");

  private EncoderGraph(BertConfig config, Parameters parameters, boolean int8) {
    this.config = config;
    this.parameters = parameters;
    this.int8 = int8;
  }

  /**
   * Writes the encoder of a model folder as an ONNX file: {@code input_ids}, {@code attention_mask}
   * and {@code token_type_ids}, int64 {@code [batch, sequence]}, to {@code embeddings}, float32
   * {@code [batch, H]}.
   *
   * @param target the file to write or to replace
   * @param retriever how vectors are pooled and whether they are normalised
   * @param int8 whether dense layers multiply 8-bit integers
   * @throws io.condenser.storage.InputException if the folder is not a whole model, or the file
   *     would be larger than the format bears
   */
  public static void write(
      Path target, ModelFolder folder, RetrieverConfig retriever, boolean int8) {
    try (Parameters parameters = new Parameters();
        Arena arena = Arena.ofConfined()) {
      folder.loadBackbone(parameters, ScalarType.Float);
      MemorySegment file = bytes(folder.config(), parameters, retriever, int8, arena);
      Replacement.file(target, aside -> write(aside, file.asByteBuffer()));
    }
  }

  private static void write(Path file, ByteBuffer bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }

  /**
   * The ONNX file of an encoder, in new memory of {@code arena}.
   *
   * @param int8 whether dense layers multiply 8-bit integers
   * @throws io.condenser.storage.InputException if the file would be larger than the format bears
   */
  static MemorySegment bytes(
      BertConfig config,
      Parameters parameters,
      RetrieverConfig retriever,
      boolean int8,
      Arena arena) {
    try (PointerScope _ = new PointerScope();
        InferenceMode _ = new InferenceMode(true)) {
      EncoderGraph graph = new EncoderGraph(config, parameters, int8);
      graph.build(retriever);
      return graph.model.bytes(arena);
    }
  }

  private void build(RetrieverConfig retriever) {
    String ids = model.input(OnnxSession.IDS, DType.I64, BATCH, SEQUENCE);
    String mask = model.input(OnnxSession.MASK, DType.I64, BATCH, SEQUENCE);
    String types = model.input(OnnxSession.TYPES, DType.I64, BATCH, SEQUENCE);
    String visible = model.add("Cast", List.of(Attribute.of("to", FLOAT)), mask); // [B, L]
    String h = embeddings(ids, types);
    String scores = hidden(visible);
    for (int i = 0; i < config.numHiddenLayers(); i++) {
      h = layer(Backbone.PREFIX + "encoder.layer." + i + ".", h, scores);
    }
    String vectors =
        switch (retriever.pooling()) {
          case CLS -> model.add("Gather", List.of(Attribute.of("axis", 1)), h, whole(0));
          case MEAN -> mean(h, visible);
        };
    model.output(
        OnnxSession.EMBEDDINGS,
        retriever.normalize() ? normalized(vectors) : vectors,
        DType.F32,
        BATCH,
        config.hiddenSize());
  }

  /** {@code [B, L, H]}. */
  private String embeddings(String ids, String types) {
    String prefix = Backbone.PREFIX + "embeddings.";
    String words = model.add("Gather", weight(prefix + "word_embeddings.weight"), ids);
    String kinds = model.add("Gather", weight(prefix + "token_type_embeddings.weight"), types);
    String length =
        model.add("Shape", List.of(Attribute.of("start", 1), Attribute.of("end", 2)), ids);
    String positions = // [L, H]
        model.add(
            "Slice", weight(prefix + "position_embeddings.weight"), wholes(0), length, wholes(0));
    String sum = model.add("Add", model.add("Add", words, positions), kinds);
    return norm(prefix + "LayerNorm", sum);
  }

  /** What is added to the scores of attention: {@code [B, 1, 1, L]}. */
  private String hidden(String visible) {
    String padding = model.add("Sub", decimal(1), visible);
    String penalty = model.add("Mul", padding, decimal(HIDDEN));
    return model.add("Unsqueeze", penalty, wholes(1, 2));
  }

  private String layer(String prefix, String h, String hidden) {
    String context = attention(prefix + "attention.self.", h, hidden);
    String attended =
        norm(
            prefix + "attention.output.LayerNorm",
            model.add("Add", h, dense(prefix + "attention.output.dense", context)));
    String inner = model.add("Gelu", dense(prefix + "intermediate.dense", attended));
    return norm(
        prefix + "output.LayerNorm",
        model.add("Add", attended, denseByToken(prefix + "output.dense", inner)));
  }

  private String attention(String prefix, String h, String hidden) {
    long size = config.hiddenSize() / config.numAttentionHeads();
    String projected = // [B, L, 3H]
        model.add(
            "Add",
            product(h, prefix + "joined.weight", joined(prefix, "weight")),
            constant(prefix + "joined.bias", joined(prefix, "bias")));
    List<String> parts =
        model.add(
            "Split",
            3,
            List.of(Attribute.of("axis", 2), Attribute.of("num_outputs", 3)),
            projected);
    String query = heads(parts.get(0), size, 0, 2, 1, 3); // [B, A, L, D]
    String key = heads(parts.get(1), size, 0, 2, 3, 1); // [B, A, D, L]
    String value = heads(parts.get(2), size, 0, 2, 1, 3);
    String scaled =
        model.add(
            "Mul",
            model.add("MatMul", query, key),
            decimal((float) (1 / Math.sqrt((double) size))));
    String weights =
        model.add("Softmax", List.of(Attribute.of("axis", -1)), model.add("Add", scaled, hidden));
    String context = // [B, L, A, D]
        transposed(model.add("MatMul", weights, value), 0, 2, 1, 3);
    return model.add("Reshape", context, wholes(0, 0, config.hiddenSize()));
  }

  private String heads(String x, long size, long... order) {
    return transposed(
        model.add("Reshape", x, wholes(0, 0, config.numAttentionHeads(), size)), order);
  }

  private String transposed(String x, long... order) {
    return model.add("Transpose", List.of(Attribute.ofAll("perm", order)), x);
  }

  /** Query, key and value projections in one product. */
  private Tensor joined(String prefix, String name) {
    return torch.cat(
        new TensorVector(
            parameters.get(prefix + "query." + name),
            parameters.get(prefix + "key." + name),
            parameters.get(prefix + "value." + name)),
        0);
  }

  private String dense(String name, String x) {
    String product = product(x, name + ".weight", parameters.get(name + ".weight"));
    return model.add("Add", product, weight(name + ".bias"));
  }

  /** The same for what comes out of Gelu, where some tokens have numbers far above the others'. */
  private String denseByToken(String name, String x) {
    if (!int8) {
      return dense(name, x);
    }
    String largest = // [B, L, 1]
        model.add(
            "ReduceMax", List.of(Attribute.of("keepdims", 1)), model.add("Abs", x), wholes(-1));
    String scale = model.add("Max", largest, decimal(Float.MIN_NORMAL));
    String product =
        product(model.add("Div", x, scale), name + ".weight", parameters.get(name + ".weight"));
    return model.add("Add", model.add("Mul", product, scale), weight(name + ".bias"));
  }

  private String product(String x, String name, Tensor weight) {
    return int8
        ? quantised(x, name, Int8Matrix.of(weight))
        : model.add("MatMul", x, constant(name, weight.t().contiguous()));
  }

  /**
   * Weights in 8 bits by output; activations in 8 bits over the whole of x, each time it is
   * computed. ONNX Runtime fuses these operators into one.
   */
  private String quantised(String x, String name, Int8Matrix matrix) {
    List<String> bytes = model.add("DynamicQuantizeLinear", 3, List.of(), x);
    String product =
        model.add(
            "MatMulInteger",
            bytes.get(0),
            constant(name + "_int8", matrix.values()),
            bytes.get(2),
            model.constant(StoredTensor.of("int8_zero", new byte[] {Int8Matrix.ZERO})));
    String scale = model.add("Mul", bytes.get(1), constant(name + "_scale", matrix.scales()));
    return model.add("Mul", model.add("Cast", List.of(Attribute.of("to", FLOAT)), product), scale);
  }

  private String norm(String name, String x) {
    return model.add(
        "LayerNormalization",
        List.of(Attribute.of("axis", -1), Attribute.of("epsilon", (float) config.layerNormEps())),
        x,
        weight(name + ".weight"),
        weight(name + ".bias"));
  }

  /** {@code [B, H]}: the mean over tokens that are not padding. */
  private String mean(String h, String visible) {
    List<Attribute> drop = List.of(Attribute.of("keepdims", 0));
    String shown = model.add("Mul", h, model.add("Unsqueeze", visible, wholes(2)));
    String count =
        model.add("ReduceSum", List.of(Attribute.of("keepdims", 1)), visible, wholes(1)); // [B, 1]
    return model.add("Div", model.add("ReduceSum", drop, shown, wholes(1)), count);
  }

  private String normalized(String vectors) {
    String length = model.add("ReduceL2", List.of(Attribute.of("keepdims", 1)), vectors, wholes(1));
    return model.add("Div", vectors, model.add("Max", length, decimal(1e-12f)));
  }

  private String weight(String name) {
    return constant(name, parameters.get(name));
  }

  private String constant(String name, Tensor value) {
    return model.constant(Tensors.view(name, value));
  }

  private String decimal(float value) {
    return model.constant(StoredTensor.of("decimal_" + value, new float[] {value}));
  }

  private String whole(long value) {
    return model.constant(StoredTensor.of("whole_" + value, new long[] {value}));
  }

  private String wholes(long... values) {
    return model.constant(
        StoredTensor.of("wholes_" + Arrays.toString(values), values, values.length));
  }
}
