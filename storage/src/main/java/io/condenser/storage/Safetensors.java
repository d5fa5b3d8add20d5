package io.condenser.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A safetensors file, memory-mapped: tensors are views of the mapping and cost no heap.
 *
 * <p>Layout: 8 bytes, little-endian length N of the header; N bytes of JSON, {@code
 * {"__metadata__": {name: text}, name: {"dtype", "shape", "data_offsets": [begin, end)}}}, padded
 * with blanks to a multiple of 8; then the tensors' bytes, offsets counted from the end of the
 * header.
 */
public final class Safetensors implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String METADATA = "__metadata__";

  /** The reference implementation refuses longer headers too. */
  private static final long MAX_HEADER_BYTES = 100_000_000;

  private final Path file;
  private final Arena arena;
  private final Map<String, String> metadata;
  private final Map<String, StoredTensor> tensors;

  private Safetensors(
      Path file, Arena arena, Map<String, String> metadata, Map<String, StoredTensor> tensors) {
    this.file = file;
    this.arena = arena;
    this.metadata = Collections.unmodifiableMap(metadata);
    this.tensors = Collections.unmodifiableMap(tensors);
  }

  /**
   * Maps a file and checks its header.
   *
   * @throws InputException if there is no such file, or it is not whole safetensors
   */
  @SuppressWarnings("MustBeClosedChecker") // the arena is closed by close()
  public static Safetensors open(Path file) {
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      return parse(file, arena, all);
    } catch (NoSuchFileException e) {
      arena.close();
      throw InputException.in(file, "no such file", e);
    } catch (IOException e) {
      arena.close();
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private static Safetensors parse(Path file, Arena arena, MemorySegment all) {
    if (all.byteSize() < 8) {
      throw broken(file, "has " + all.byteSize() + " bytes, too few for a header");
    }
    long headerBytes = all.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
    if (headerBytes < 2 || headerBytes > Math.min(MAX_HEADER_BYTES, all.byteSize() - 8)) {
      throw broken(
          file,
          "names a header of %d bytes in a file of %d".formatted(headerBytes, all.byteSize()));
    }
    String header =
        new String(
            all.asSlice(8, headerBytes).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    MemorySegment data = all.asSlice(8 + headerBytes);
    Map<String, String> metadata = new LinkedHashMap<>();
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, JsonNode> entry : JSON.readTree(header).properties()) {
        if (entry.getKey().equals(METADATA)) {
          entry
              .getValue()
              .properties()
              .forEach(m -> metadata.put(m.getKey(), m.getValue().asString()));
        } else {
          tensors.put(entry.getKey(), tensor(file, entry.getKey(), entry.getValue(), data));
        }
      }
    } catch (JacksonException e) {
      throw InputException.in(file, "not a safetensors file: its header is not JSON", e);
    }
    return new Safetensors(file, arena, metadata, tensors);
  }

  private static StoredTensor tensor(Path file, String name, JsonNode entry, MemorySegment data) {
    List<Long> shape = new ArrayList<>();
    entry.path("shape").forEach(size -> shape.add(size.asLong()));
    long begin = entry.path("data_offsets").path(0).asLong(-1);
    long end = entry.path("data_offsets").path(1).asLong(-1);
    DType dtype;
    try {
      dtype = DType.valueOf(entry.path("dtype").asString(""));
    } catch (IllegalArgumentException e) {
      throw InputException.in(
          file, "tensor %s has unknown dtype %s".formatted(name, entry.path("dtype")), e);
    }
    if (begin < 0 || end < begin || end > data.byteSize()) {
      throw broken(
          file,
          "tensor %s lies at bytes %d to %d, but the file holds %d; it is truncated or damaged"
              .formatted(name, begin, end, data.byteSize()));
    }
    if (StoredTensor.bytes(dtype, shape) != end - begin) {
      throw broken(
          file,
          "tensor %s: %s %s does not take %d bytes".formatted(name, dtype, shape, end - begin));
    }
    return new StoredTensor(name, dtype, shape, data.asSlice(begin, end - begin));
  }

  private static InputException broken(Path file, String how) {
    return InputException.in(file, "not a whole safetensors file: " + how);
  }

  /** The file this was read from. */
  public Path file() {
    return file;
  }

  /** Free text about the file, empty if it has none. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** All tensors in the order of the header, by name. */
  public Map<String, StoredTensor> tensors() {
    return tensors;
  }

  /**
   * One tensor by name.
   *
   * @throws InputException if the file has none of that name
   */
  public StoredTensor tensor(String name) {
    StoredTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw InputException.in(
          file, "has no tensor '%s'; it has %s".formatted(name, tensors.keySet()));
    }
    return tensor;
  }

  /** Unmaps the file; its tensors can no longer be read. */
  @Override
  public void close() {
    arena.close();
  }

  /**
   * Writes tensors to a file in the order given. Not atomic by itself: wrap it in {@link
   * Replacement#file} or {@link Replacement#directory}.
   */
  public static void write(
      Path file, Collection<StoredTensor> tensors, Map<String, String> metadata)
      throws IOException {
    byte[] header = header(tensors, metadata);
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
      writeAll(channel, length.putLong(header.length).flip());
      writeAll(channel, ByteBuffer.wrap(header));
      for (StoredTensor tensor : tensors) {
        writeAll(channel, tensor.data());
      }
    }
  }

  private static byte[] header(Collection<StoredTensor> tensors, Map<String, String> metadata) {
    Map<String, Place> places = new LinkedHashMap<>();
    long offset = 0;
    for (StoredTensor tensor : tensors) {
      long end = offset + tensor.data().byteSize();
      Place place = new Place(tensor.dtype(), tensor.shape(), offset, end);
      if (places.put(tensor.name(), place) != null) {
        throw new IllegalArgumentException("two tensors named " + tensor.name());
      }
      offset = end;
    }
    String json = header(places, metadata);
    int bytes = json.getBytes(StandardCharsets.UTF_8).length;
    return (json + " ".repeat((8 - bytes % 8) % 8)).getBytes(StandardCharsets.UTF_8);
  }

  /** What the header says of a tensor; {@code begin} and {@code end} count from its own end. */
  record Place(DType dtype, List<Long> shape, long begin, long end) {}

  /** The header's JSON. */
  static String header(Map<String, Place> places, Map<String, String> metadata) {
    ObjectNode root = JSON.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode node = root.putObject(METADATA);
      metadata.forEach(node::put);
    }
    places.forEach((name, place) -> {
      ObjectNode node = root.putObject(name);
      node.put("dtype", place.dtype().name());
      node.set("shape", JSON.valueToTree(place.shape()));
      node.putArray("data_offsets").add(place.begin()).add(place.end());
    });
    return root.toString();
  }

  private static void writeAll(FileChannel channel, MemorySegment data) throws IOException {
    boolean heap = data.heapBase().isPresent(); // an array of floats has no view as bytes
    long window = heap ? 1 << 20 : 1 << 30; // a buffer holds less than 2 GiB
    for (long at = 0; at < data.byteSize(); at += window) {
      MemorySegment slice = data.asSlice(at, Math.min(window, data.byteSize() - at));
      if (heap) {
        writeAll(channel, ByteBuffer.wrap(slice.toArray(ValueLayout.JAVA_BYTE)));
      } else {
        writeAll(channel, slice.asByteBuffer());
      }
    }
  }

  private static void writeAll(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
