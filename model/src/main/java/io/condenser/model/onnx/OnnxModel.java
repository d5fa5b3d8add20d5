package io.condenser.model.onnx;

import io.condenser.storage.DType;
import io.condenser.storage.InputException;
import io.condenser.storage.StoredTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * An ONNX model that is being built: operators in the order in which they are computed, over inputs
 * and constants that are known by name.
 *
 * <p>Fields used of onnx.proto: ModelProto.ir_version 1, producer_name 2, graph 7, opset_import 8;
 * OperatorSetIdProto.version 2; GraphProto.node 1, name 2, initializer 5, input 11, output 12;
 * NodeProto.input 1, output 2, name 3, op_type 4, attribute 5; TensorProto.dims 1, data_type 2,
 * name 8, raw_data 9; ValueInfoProto.name 1, type 2; TypeProto.tensor_type 1;
 * TypeProto.Tensor.elem_type 1, shape 2; TensorShapeProto.dim 1; Dimension.dim_value 1, dim_param
 * 2.
 */
public final class OnnxModel {
  /** Version of the standard operators: the first with Gelu. */
  private static final int OPERATORS = 20;

  /** Version of the file format that came with them. */
  private static final int FORMAT = 9;

  /** Protocol buffers bear less than 2 GiB. */
  private static final long MOST_BYTES = Integer.MAX_VALUE;

  private final Message graph = new Message();
  private final Set<String> constants = new HashSet<>();
  private int nodes;

  /**
   * An empty model.
   *
   * @param name of its graph
   */
  public OnnxModel(String name) {
    graph.text(2, name);
  }

  /**
   * Adds an input and gives its name back.
   *
   * @param shape sizes of its dimensions; names for those that change from call to call
   */
  public String input(String name, DType type, Object... shape) {
    graph.message(11, value(name, type, shape));
    return name;
  }

  /** Gives a value out, under a name of its own. */
  public void output(String name, String value, DType type, Object... shape) {
    graph.message(1, new Message().text(1, value).text(2, name).text(4, "Identity"));
    graph.message(12, value(name, type, shape));
  }

  /** Adds an operator and gives the name of its one output back. */
  public String add(String operator, List<Attribute> attributes, String... inputs) {
    return add(operator, 1, attributes, inputs).getFirst();
  }

  /** Adds an operator without attributes and gives the name of its one output back. */
  public String add(String operator, String... inputs) {
    return add(operator, List.of(), inputs);
  }

  /** Adds an operator and gives the names of its outputs back. */
  public List<String> add(
      String operator, int outputs, List<Attribute> attributes, String... inputs) {
    Message node = new Message();
    for (String input : inputs) {
      node.text(1, input);
    }
    String name = operator + "_" + nodes++;
    List<String> names = new ArrayList<>();
    for (int i = 0; i < outputs; i++) {
      names.add(outputs == 1 ? name : name + "_" + i);
      node.text(2, names.getLast());
    }
    node.text(3, name).text(4, operator);
    attributes.forEach(attribute -> node.message(5, attribute.message()));
    graph.message(1, node);
    return names;
  }

  /**
   * Adds a constant and gives its name back. Its data are read when {@link #bytes} is called. One
   * of that name that is there already is taken instead.
   */
  public String constant(StoredTensor tensor) {
    if (constants.add(tensor.name())) {
      Message message = new Message();
      tensor.shape().forEach(size -> message.number(1, size));
      message.number(2, type(tensor.dtype())).text(8, tensor.name()).bytes(9, tensor.data());
      graph.message(5, message);
    }
    return tensor.name();
  }

  /**
   * The whole file, in new memory of {@code arena}.
   *
   * @throws InputException if it would be larger than protocol buffers bear
   */
  public MemorySegment bytes(Arena arena) {
    Message model =
        new Message()
            .number(1, FORMAT)
            .text(2, "Condenser")
            .message(7, graph)
            .message(8, new Message().number(2, OPERATORS));
    if (model.size() > MOST_BYTES) {
      throw new InputException(
          "the model takes %,d bytes as ONNX; the format bears %,d in one file"
              .formatted(model.size(), MOST_BYTES));
    }
    MemorySegment file = arena.allocate(model.size(), Long.BYTES);
    model.copyTo(file);
    return file;
  }

  private static Message value(String name, DType type, Object... sizes) {
    Message shape = new Message();
    for (Object size : sizes) {
      Message dimension = new Message();
      shape.message(
          1,
          size instanceof Number known
              ? dimension.number(1, known.longValue())
              : dimension.text(2, size.toString()));
    }
    Message tensor = new Message().number(1, type(type)).message(2, shape);
    return new Message().text(1, name).message(2, new Message().message(1, tensor));
  }

  /** TensorProto.DataType. */
  private static int type(DType type) {
    return switch (type) {
      case F32 -> 1;
      case U8 -> 2;
      case I64 -> 7;
      default -> throw new IllegalArgumentException("no use for " + type + " tensors");
    };
  }
}
