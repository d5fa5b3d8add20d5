package io.condenser.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes tensors whose sizes are known only at their end, one after another, holding none: room for
 * the header is kept at the beginning and filled by {@link #finish}. For tensors that lie in
 * memory, {@link Safetensors#write} is simpler. Not atomic by itself: wrap it in {@link
 * Replacement#file}.
 *
 * <pre>{@code
 * writer.begin("tokens", DType.I32);
 * writer.putInt(7);
 * writer.end(1);
 * writer.finish(Map.of());
 * }</pre>
 */
public final class SafetensorsWriter implements AutoCloseable {
  /** Room for some hundred tensors' names and places; blanks fill what is not needed. */
  private static final int HEADER_BYTES = 1 << 14;

  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
  private final Map<String, Safetensors.Place> places = new LinkedHashMap<>();
  private @Nullable String open;
  private DType dtype = DType.U8;
  private long begin;
  private long position; // after the header, the buffer's bytes included

  /** Creates a file, or empties it. */
  public SafetensorsWriter(Path file) throws IOException {
    channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    channel.position(HEADER_BYTES);
  }

  /** Begins a tensor; what is put from now on is its elements in row-major order. */
  public void begin(String name, DType dtype) {
    if (open != null || places.containsKey(name)) {
      throw new IllegalStateException(
          "cannot begin tensor %s: open is %s, written are %s"
              .formatted(name, open, places.keySet()));
    }
    open = name;
    this.dtype = dtype;
    begin = position;
  }

  /** Puts an element of two bytes, the lower 16 bits of {@code value}. */
  public void putShort(int value) throws IOException {
    room(Short.BYTES).putShort((short) value);
  }

  /** Puts an element of four bytes. */
  public void putInt(int value) throws IOException {
    room(Integer.BYTES).putInt(value);
  }

  /** Puts a float32. */
  public void putFloat(float value) throws IOException {
    room(Float.BYTES).putFloat(value);
  }

  /** Puts an element of eight bytes. */
  public void putLong(long value) throws IOException {
    room(Long.BYTES).putLong(value);
  }

  private ByteBuffer room(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      flush();
    }
    position += bytes;
    return buffer;
  }

  private void flush() throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }

  /**
   * Ends the tensor.
   *
   * @throws IllegalStateException if the elements put do not make up {@code shape}
   */
  public void end(long... shape) {
    String name = open;
    List<Long> sizes = Arrays.stream(shape).boxed().toList();
    if (name == null || StoredTensor.bytes(dtype, sizes) != position - begin) {
      throw new IllegalStateException(
          "tensor %s: %s %s does not take %d bytes"
              .formatted(name, dtype, sizes, position - begin));
    }
    places.put(name, new Safetensors.Place(dtype, sizes, begin, position));
    open = null;
  }

  /** Writes the header; the file is whole then. */
  public void finish(Map<String, String> metadata) throws IOException {
    flush();
    byte[] json = Safetensors.header(places, metadata).getBytes(StandardCharsets.UTF_8);
    int room = HEADER_BYTES - Long.BYTES;
    if (open != null || json.length > room) {
      throw new IllegalStateException(
          "open tensor %s; header of %d bytes, room for %d".formatted(open, json.length, room));
    }
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(room).put(json);
    while (header.hasRemaining()) {
      header.put((byte) ' ');
    }
    header.flip();
    while (header.hasRemaining()) {
      channel.write(header, header.position());
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
