package io.condenser.retrieval;

import io.condenser.storage.DType;
import io.condenser.storage.InputException;
import io.condenser.storage.Safetensors;
import io.condenser.storage.StoredTensor;
import java.io.IOException;
import java.io.Writer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/**
 * Writes an embedding folder row by row, for {@link EmbeddingStore} to read. Rows go to a raw file
 * first, because a safetensors header names the number of rows, and become a shard when it is full:
 * heap does not grow with the corpus.
 */
final class EmbeddingWriter implements AutoCloseable {
  static final String TENSOR = "embeddings";
  static final String IDS = "ids.txt";

  /** Bytes of a full shard. */
  static final long SHARD_BYTES = 1L << 30;

  private final Path directory;
  private final Path raw;
  private final String model;
  private final int dimension;
  private final long rowsPerShard;
  private final Writer ids;
  private final FileChannel rows;
  private final ByteBuffer row;
  private int count;
  private int shards;

  /**
   * @param directory an empty folder
   * @param model fingerprint of the model that makes the vectors
   * @param dimension H
   */
  EmbeddingWriter(Path directory, String model, int dimension, long shardBytes) throws IOException {
    this.directory = directory;
    this.raw = directory.resolve("rows.raw");
    this.model = model;
    this.dimension = dimension;
    this.rowsPerShard = Math.max(1, shardBytes / ((long) Float.BYTES * dimension));
    this.row = ByteBuffer.allocateDirect(Float.BYTES * dimension).order(ByteOrder.LITTLE_ENDIAN);
    this.ids = Files.newBufferedWriter(directory.resolve(IDS), StandardCharsets.UTF_8);
    this.rows =
        FileChannel.open(
            raw, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /**
   * Appends a row.
   *
   * @param vector the row is its H numbers from {@code from} on
   */
  void add(String id, float[] vector, int from) throws IOException {
    if (id.isEmpty() || id.indexOf('\n') >= 0 || id.indexOf('\r') >= 0) {
      throw new InputException(
          "the id '%s' is empty or has a line break; ids stand one a line in %s"
              .formatted(id, IDS));
    }
    ids.write(id);
    ids.write('\n');
    row.clear().asFloatBuffer().put(vector, from, dimension);
    while (row.hasRemaining()) {
      rows.write(row);
    }
    count = Math.addExact(count, 1);
    if (count % rowsPerShard == 0) {
      endShard();
    }
  }

  /** Writes what is left and {@code embeddings.json}; without it the folder is not whole. */
  void finish() throws IOException {
    if (rows.position() > 0 || shards == 0) {
      endShard();
    }
    EmbeddingInfo info = new EmbeddingInfo(model, dimension, count, shards);
    for (int shard = 0; shard < shards; shard++) {
      Files.move(unnumbered(shard), directory.resolve(info.shard(shard)));
    }
    info.write(directory);
  }

  private void endShard() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      long bytes = rows.position();
      MemorySegment data = rows.map(FileChannel.MapMode.READ_ONLY, 0, bytes, arena);
      List<Long> shape = List.of(bytes / ((long) Float.BYTES * dimension), (long) dimension);
      Safetensors.write(
          unnumbered(shards++),
          List.of(new StoredTensor(TENSOR, DType.F32, shape, data)),
          Map.of("model", model));
    }
    rows.truncate(0);
  }

  /** A shard's file until the number of shards is known. */
  private Path unnumbered(int shard) {
    return directory.resolve("shard-" + shard);
  }

  @Override
  public void close() throws IOException {
    try (ids;
        rows) {
      Files.deleteIfExists(raw);
    }
  }
}
