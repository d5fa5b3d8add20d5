package io.condenser.model.foreign;

import io.condenser.storage.StoredTensor;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Writes a BERT as the variables of a TensorFlow SavedModel: what the reader takes apart. */
final class TensorFlowBundle {
  static final String INDEX = "variables/variables.index";
  static final String DATA = "variables/variables.data-00000-of-00001";
  private static final int ENTRIES_PER_BLOCK = 7;

  private final ByteArrayOutputStream table = new ByteArrayOutputStream();
  private final TreeMap<String, byte[]> blockHandles = new TreeMap<>();

  private TensorFlowBundle() {}

  /** The two files by name. */
  static Map<String, byte[]> of(Map<String, StoredTensor> weights) {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    TreeMap<String, byte[]> entries = new TreeMap<>();
    entries.put("", message(field(1, 1))); // one shard
    weights.forEach((name, tensor) -> entries.put(theirName(name), entry(name, tensor, data)));
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(DATA, data.toByteArray());
    files.put(INDEX, new TensorFlowBundle().index(entries));
    return files;
  }

  private static boolean isKernel(String name) {
    return name.endsWith("dense.weight") || name.matches(".*self\\.(query|key|value)\\.weight");
  }

  private static String theirName(String name) {
    String theirs =
        name.replace("LayerNorm.weight", "LayerNorm.gamma")
            .replace("LayerNorm.bias", "LayerNorm.beta")
            .replace("layer.", "layer_")
            .replace("predictions.bias", "predictions.output_bias");
    theirs = isKernel(name) ? theirs.replace(".weight", ".kernel") : theirs.replace(".weight", "");
    return "module/" + theirs.replace('.', '/');
  }

  /** Appends a tensor to the data, kernels as [in, out], and describes it. */
  private static byte[] entry(String name, StoredTensor tensor, ByteArrayOutputStream data) {
    float[] values = tensor.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    List<Long> shape = tensor.shape();
    if (isKernel(name)) {
      int out = Math.toIntExact(shape.get(0));
      int in = Math.toIntExact(shape.get(1));
      float[] kernel = new float[values.length];
      for (int i = 0; i < values.length; i++) {
        kernel[i % in * out + i / in] = values[i];
      }
      values = kernel;
      shape = List.of((long) in, (long) out);
    }
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    byte[][] sizes =
        shape.stream().map(size -> field(2, message(field(1, size)))).toArray(byte[][]::new);
    byte[] entry =
        message(
            field(1, 1), // DT_FLOAT
            field(2, message(sizes)),
            field(4, data.size()),
            field(5, bytes.capacity()),
            fixed32(6, MaskedCrc.of(MemorySegment.ofArray(bytes.array()))));
    data.writeBytes(bytes.array());
    return entry;
  }

  private byte[] index(SortedMap<String, byte[]> entries) {
    TreeMap<String, byte[]> block = new TreeMap<>();
    entries.forEach((key, value) -> {
      block.put(key, value);
      if (block.size() == ENTRIES_PER_BLOCK) {
        blockHandles.put(block.lastKey(), write(block));
        block.clear();
      }
    });
    if (!block.isEmpty()) {
      blockHandles.put(block.lastKey(), write(block));
    }
    byte[] meta = write(new TreeMap<>());
    byte[] index = write(blockHandles);
    byte[] footer = Arrays.copyOf(message(meta, index), 40);
    table.writeBytes(footer);
    table.writeBytes(little(8, 0xdb4775248b80fb57L));
    return table.toByteArray();
  }

  /** Writes one block and returns its handle. */
  private byte[] write(SortedMap<String, byte[]> entries) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    String last = "";
    for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
      String key = entry.getKey();
      int shared = 0;
      while (shared < Math.min(last.length(), key.length())
          && last.charAt(shared) == key.charAt(shared)) {
        shared++;
      }
      byte[] rest = key.substring(shared).getBytes(StandardCharsets.UTF_8);
      block.writeBytes(message(varint(shared), varint(rest.length)));
      block.writeBytes(message(varint(entry.getValue().length), rest, entry.getValue()));
      last = key;
    }
    block.writeBytes(little(4, 0)); // one restart, at 0
    block.writeBytes(little(4, 1));
    byte[] handle = message(varint(table.size()), varint(block.size()));
    block.write(0); // not compressed
    table.writeBytes(block.toByteArray());
    table.writeBytes(little(4, MaskedCrc.of(MemorySegment.ofArray(block.toByteArray()))));
    return handle;
  }

  private static byte[] message(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] field(int number, long value) {
    return message(varint(number << 3), varint(value));
  }

  private static byte[] field(int number, byte[] value) {
    return message(varint((number << 3) | 2), varint(value.length), value);
  }

  private static byte[] fixed32(int number, int value) {
    return message(varint((number << 3) | 5), little(4, value));
  }

  private static byte[] varint(long value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    long rest = value;
    while (rest >= 0x80) {
      bytes.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    bytes.write((int) rest);
    return bytes.toByteArray();
  }

  private static byte[] little(int size, long value) {
    ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value);
    return Arrays.copyOf(bytes.array(), size);
  }
}
