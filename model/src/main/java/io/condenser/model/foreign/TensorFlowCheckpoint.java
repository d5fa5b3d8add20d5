package io.condenser.model.foreign;

import io.condenser.model.BertConfig;
import io.condenser.storage.DType;
import io.condenser.storage.InputException;
import io.condenser.storage.StoredTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The variables of a TensorFlow SavedModel of Google's BERT, without TensorFlow: {@code
 * variables.index} is a {@link SortedTable} from a variable's name to a BundleEntryProto, which
 * says where in {@code variables.data-…} its raw bytes lie.
 *
 * <p>Fields used of tensor_bundle.proto: BundleHeaderProto (under the empty name): num_shards 1,
 * endianness 2; BundleEntryProto: dtype 1, shape 2, shard_id 3, offset 4, size 5, crc32c 6;
 * TensorShapeProto: dim 2, its size 1.
 */
final class TensorFlowCheckpoint {
  private static final String FOLDER = "variables/variables.";
  private static final long FLOAT = 1;
  private static final Pattern HEADS = Pattern.compile("A-(\\d{1,3})$");

  private final String where;
  private final Map<String, MemorySegment> files;

  /**
   * @param where what to call the model in an error
   * @param files the files of the SavedModel by their paths in it
   */
  TensorFlowCheckpoint(String where, Map<String, MemorySegment> files) {
    this.where = where;
    this.files = files;
  }

  /**
   * The float32 variables under Hugging Face's names, kernels as [out, in].
   *
   * @throws InputException if the checkpoint is truncated or damaged, by its checksums too
   */
  Map<String, StoredTensor> bertWeights(Arena arena) {
    Map<String, StoredTensor> weights = new LinkedHashMap<>();
    variables()
        .forEach((name, tensor) -> {
          boolean kernel = name.endsWith("/kernel") && tensor.shape().size() == 2;
          weights.put(ourName(name), kernel ? Float32.transposed(tensor, arena) : tensor);
        });
    return weights;
  }

  /**
   * {@code module/bert/encoder/layer_0/output/dense/kernel} → {@code
   * bert.encoder.layer.0.output.dense.weight}.
   */
  private static String ourName(String variable) {
    return variable
        .replaceFirst("^module/", "")
        .replace("layer_", "layer.")
        .replaceFirst("/(kernel|gamma)$", ".weight")
        .replaceFirst("/beta$", ".bias")
        .replaceFirst("/output_bias$", ".bias")
        .replaceFirst("_embeddings$", "_embeddings.weight")
        .replace('/', '.');
  }

  private Map<String, StoredTensor> variables() {
    Map<String, MemorySegment> index =
        new LinkedHashMap<>(SortedTable.read(where + "/" + FOLDER + "index", file("index")));
    MemorySegment header = index.remove("");
    if (header == null) {
      throw new InputException(where + ": the index of its variables has no header");
    }
    long shards = shards(new Wire(header));
    Map<String, StoredTensor> variables = new LinkedHashMap<>();
    index.forEach((name, entry) -> {
      try {
        read(name, new Wire(entry), shards, variables);
      } catch (IndexOutOfBoundsException | ArithmeticException | IllegalArgumentException e) {
        throw new InputException(
            "%s: variable %s lies outside of its file; truncated?".formatted(where, name), e);
      }
    });
    return variables;
  }

  private long shards(Wire header) {
    long shards = 1;
    while (header.next()) {
      if (header.field() == 1) {
        shards = header.number();
      } else if (header.field() == 2 && header.number() != 0) {
        throw new InputException(where + ": its variables are big-endian; expected little-endian");
      }
    }
    return shards;
  }

  /** Adds a variable unless it is not float32: step counters are the only ones. */
  private void read(String name, Wire entry, long shards, Map<String, StoredTensor> variables) {
    List<Long> shape = new ArrayList<>();
    long type = 0;
    long shard = 0;
    long offset = 0;
    long size = 0;
    int crc = 0;
    while (entry.next()) {
      switch (entry.field()) {
        case 1 -> type = entry.number();
        case 2 -> readShape(entry.message(), shape);
        case 3 -> shard = entry.number();
        case 4 -> offset = entry.number();
        case 5 -> size = entry.number();
        case 6 -> crc = (int) entry.number();
        default -> {}
      }
    }
    if (type != FLOAT) {
      return;
    }
    MemorySegment data = file("data-%05d-of-%05d".formatted(shard, shards)).asSlice(offset, size);
    if (MaskedCrc.of(data) != crc) {
      throw new InputException(
          "%s: variable %s is damaged: it does not match its checksum".formatted(where, name));
    }
    variables.put(name, new StoredTensor(name, DType.F32, shape, data));
  }

  private static void readShape(Wire shape, List<Long> sizes) {
    while (shape.next()) {
      if (shape.field() == 2) {
        Wire dimension = shape.message();
        while (dimension.next()) {
          if (dimension.field() == 1) {
            sizes.add(dimension.number());
          }
        }
      }
    }
  }

  private MemorySegment file(String name) {
    MemorySegment file = files.get(FOLDER + name);
    if (file == null) {
      throw new InputException(
          "%s: not a TensorFlow SavedModel: it has no %s%s".formatted(where, FOLDER, name));
    }
    return file;
  }

  /**
   * The shape of an encoder from its weights; the number of attention heads, which weights do not
   * show, from the {@code A-12} at the end of the model's name.
   */
  static BertConfig config(String name, Map<String, StoredTensor> weights) {
    Matcher heads = HEADS.matcher(name);
    if (!heads.find()) {
      throw new InputException(
          name + ": its name does not end in the number of attention heads, like …-A-12");
    }
    int layers = 0;
    while (weights.containsKey("bert.encoder.layer.%d.output.dense.bias".formatted(layers))) {
      layers++;
    }
    return new BertConfig(
        size(name, weights, "bert.embeddings.word_embeddings.weight", 0),
        size(name, weights, "bert.embeddings.word_embeddings.weight", 1),
        layers,
        Integer.parseInt(heads.group(1)),
        size(name, weights, "bert.encoder.layer.0.intermediate.dense.bias", 0),
        size(name, weights, "bert.embeddings.position_embeddings.weight", 0),
        size(name, weights, "bert.embeddings.token_type_embeddings.weight", 0),
        1e-12,
        0.1,
        0.1,
        0.02);
  }

  private static int size(
      String where, Map<String, StoredTensor> weights, String name, int dimension) {
    StoredTensor tensor = weights.get(name);
    if (tensor == null || tensor.shape().size() <= dimension) {
      throw new InputException("%s: not a BERT: it has no tensor %s".formatted(where, name));
    }
    return Math.toIntExact(tensor.shape().get(dimension));
  }
}
