package io.condenser.model.foreign;

import io.condenser.model.BertConfig;
import io.condenser.storage.DType;
import io.condenser.storage.InputException;
import io.condenser.storage.StoredTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A BERT encoder in an ONNX file as PyTorch's exporter writes it. Embeddings, biases and LayerNorms
 * keep their names there. The matrices of dense layers are anonymous constants, [in, out]: each is
 * named after the bias that is added to its product.
 *
 * <p>Fields used of onnx.proto: ModelProto.graph 7; GraphProto.node 1, initializer 5;
 * NodeProto.input 1, output 2, name 3, op_type 4, attribute 5; AttributeProto.name 1, t 5;
 * TensorProto.dims 1, data_type 2, float_data 4, name 8, raw_data 9, external_data 13.
 */
final class OnnxGraph {
  private static final Set<String> QUANTISED =
      Set.of("DynamicQuantizeLinear", "MatMulInteger", "QLinearMatMul", "DequantizeLinear");
  private static final Map<Long, DType> TYPES =
      Map.of(1L, DType.F32, 7L, DType.I64, 10L, DType.F16, 11L, DType.F64, 16L, DType.BF16);

  private static final String BIAS = ".bias";

  private record Node(String operator, String name, List<String> inputs, List<String> outputs) {}

  private final String where;
  private final Map<String, StoredTensor> constants = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();

  private OnnxGraph(String where) {
    this.where = where;
  }

  /**
   * Reads the graph of an ONNX file.
   *
   * @param where what to call the file in an error
   * @throws InputException if it is damaged, or quantised
   */
  static OnnxGraph read(String where, MemorySegment file) {
    OnnxGraph onnx = new OnnxGraph(where);
    try {
      Wire model = new Wire(file);
      while (model.next()) {
        if (model.field() == 7) {
          onnx.readGraph(model.message());
        }
      }
    } catch (IndexOutOfBoundsException | ArithmeticException | IllegalArgumentException e) {
      // what Wire and StoredTensor throw over damaged bytes
      throw new InputException(where + ": not a whole ONNX file; truncated or damaged", e);
    }
    if (onnx.nodes.isEmpty()) {
      throw new InputException(where + ": not an ONNX file: it has no graph");
    }
    return onnx;
  }

  private void readGraph(Wire graph) {
    while (graph.next()) {
      switch (graph.field()) {
        case 1 -> readNode(graph.message());
        case 5 -> readTensor(graph.message(), null);
        default -> {}
      }
    }
  }

  private void readNode(Wire wire) {
    String operator = "";
    String name = "";
    List<String> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    List<MemorySegment> values = new ArrayList<>();
    while (wire.next()) {
      switch (wire.field()) {
        case 1 -> inputs.add(wire.text());
        case 2 -> outputs.add(wire.text());
        case 3 -> name = wire.text();
        case 4 -> operator = wire.text();
        case 5 -> values.add(wire.bytes());
        default -> {}
      }
    }
    if (QUANTISED.contains(operator)) {
      throw new InputException(
          "%s: quantised (node %s is a %s), so its weights are gone; take the artifact without -q"
              .formatted(where, name, operator));
    }
    if (operator.equals("Constant") && outputs.size() == 1) {
      values.forEach(attribute -> readConstant(new Wire(attribute), outputs.getFirst()));
    }
    nodes.add(new Node(operator, name, inputs, outputs));
  }

  private void readConstant(Wire attribute, String output) {
    while (attribute.next()) {
      if (attribute.field() == 5) {
        readTensor(attribute.message(), output);
      }
    }
  }

  private void readTensor(Wire wire, @Nullable String givenName) {
    List<Long> shape = new ArrayList<>();
    String name = "";
    long type = 0;
    MemorySegment data = MemorySegment.NULL;
    while (wire.next()) {
      switch (wire.field()) {
        case 1 -> wire.numbers(shape);
        case 2 -> type = wire.number();
        case 4, 9 -> data = wire.bytes();
        case 8 -> name = wire.text();
        case 13 ->
            throw new InputException(
                "%s: tensor %s lies in another file; expected one file".formatted(where, name));
        default -> {}
      }
    }
    DType dtype = TYPES.get(type);
    if (dtype != null && data.byteSize() > 0) { // others steer the graph and hold no weights
      String key = givenName == null ? name : givenName;
      constants.put(key, new StoredTensor(key, dtype, shape, data));
    }
  }

  /** All weights by Hugging Face's names, matrices of dense layers as [out, in]. */
  Map<String, StoredTensor> weights(Arena arena) {
    Map<String, StoredTensor> weights = new LinkedHashMap<>();
    constants.forEach((name, tensor) -> {
      boolean named = name.indexOf('.') > 0 && !name.contains("::");
      if (named && tensor.dtype() != DType.I64 && !tensor.shape().isEmpty()) {
        weights.put(name, tensor);
      }
    });
    Map<String, StoredTensor> matrices = matricesByProduct();
    for (Node node : nodes) {
      if (node.operator().equals("Add") && node.inputs().size() == 2) {
        String first = node.inputs().get(0);
        String second = node.inputs().get(1);
        StoredTensor matrix = matrices.getOrDefault(first, matrices.get(second));
        String bias = matrices.containsKey(first) ? second : first;
        if (matrix != null && bias.endsWith(BIAS)) {
          String weight = bias.substring(0, bias.length() - BIAS.length()) + ".weight";
          StoredTensor floats = Float32.of(where, matrix, arena);
          weights.put(weight, Float32.transposed(floats, arena));
        }
      }
    }
    return weights;
  }

  /** The constant matrix of each product of a variable with one, by the name of the product. */
  private Map<String, StoredTensor> matricesByProduct() {
    Map<String, StoredTensor> matrices = new HashMap<>();
    for (Node node : nodes) {
      if (node.operator().equals("MatMul")
          && node.inputs().size() == 2
          && node.outputs().size() == 1) {
        StoredTensor matrix = constants.get(node.inputs().get(1));
        if (matrix != null && matrix.shape().size() == 2) {
          matrices.put(node.outputs().getFirst(), matrix);
        }
      }
    }
    return matrices;
  }

  /** The shape of the encoder, from its tensors and the constants of its graph. */
  BertConfig config() {
    List<Long> words = shape("embeddings.word_embeddings.weight", 2);
    int layers = 0;
    while (constants.containsKey("encoder.layer.%d.output.dense.bias".formatted(layers))) {
      layers++;
    }
    return new BertConfig(
        Math.toIntExact(words.get(0)),
        Math.toIntExact(words.get(1)),
        layers,
        heads(words.get(1)),
        Math.toIntExact(shape("encoder.layer.0.intermediate.dense.bias", 1).getFirst()),
        Math.toIntExact(shape("embeddings.position_embeddings.weight", 2).getFirst()),
        Math.toIntExact(shape("embeddings.token_type_embeddings.weight", 2).getFirst()),
        layerNormEps(),
        0.1,
        0.1,
        0.02);
  }

  private List<Long> shape(String name, int dimensions) {
    StoredTensor tensor = constants.get(name);
    if (tensor == null || tensor.shape().size() != dimensions) {
      throw notBert("no tensor " + name + " of " + dimensions + " dimensions");
    }
    return tensor.shape();
  }

  /** From where attention is split: reshaped to [batch, tokens, heads, size of a head]. */
  private int heads(long hidden) {
    for (Node node : nodes) {
      if (node.operator().equals("Concat") && node.inputs().size() == 4) {
        StoredTensor size = constants.get(node.inputs().get(3));
        if (size != null && size.dtype() == DType.I64 && size.elements() == 1) {
          return Math.toIntExact(hidden / size.data().get(ValueLayout.JAVA_LONG_UNALIGNED, 0));
        }
      }
    }
    throw notBert("its number of attention heads cannot be told");
  }

  /** The constant that is added to the variance of the embeddings. */
  private double layerNormEps() {
    for (Node node : nodes) {
      if (node.name().endsWith("embeddings/LayerNorm/Add")) {
        for (String input : node.inputs()) {
          StoredTensor eps = constants.get(input);
          if (eps != null && eps.dtype() == DType.F32 && eps.elements() == 1) {
            float value = eps.data().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0);
            return Double.parseDouble(Float.toString(value)); // 1e-12, not its float's digits
          }
        }
      }
    }
    throw notBert("the epsilon of its LayerNorm cannot be told");
  }

  private InputException notBert(String why) {
    return new InputException(
        "%s: %s; expected a BERT encoder as PyTorch exports it to ONNX".formatted(where, why));
  }
}
