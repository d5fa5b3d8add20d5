package io.condenser.retrieval;

import io.condenser.evaluation.Run;
import io.condenser.storage.DType;
import io.condenser.storage.InputException;
import io.condenser.storage.SafetensorsWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes an embedding folder row by row, for {@link EmbeddingStore} to read. Nothing is held, so
 * heap does not grow with the corpus.
 */
public final class EmbeddingWriter implements AutoCloseable {
  static final String TENSOR = "embeddings";
  static final String IDS = "ids.txt";

  /** Bytes of a full shard's tensor. */
  static final long SHARD_BYTES = 1L << 30;

  private final Path directory;
  private final String model;
  private final int dimension;
  private final long rowsPerShard;
  private final Writer ids;
  private @Nullable SafetensorsWriter shard;
  private int shards;
  private long rowsInShard;
  private int count;

  /**
   * A folder of embeddings in shards of a gigabyte.
   *
   * @param directory an empty folder
   * @param model fingerprint of the model that makes the vectors
   * @param dimension H
   */
  public EmbeddingWriter(Path directory, String model, int dimension) throws IOException {
    this(directory, model, dimension, SHARD_BYTES);
  }

  /**
   * @param directory an empty folder
   * @param model fingerprint of the model that makes the vectors
   * @param dimension H
   * @param shardBytes a shard takes at most so many, but at least a row
   */
  EmbeddingWriter(Path directory, String model, int dimension, long shardBytes) throws IOException {
    this.directory = directory;
    this.model = model;
    this.dimension = dimension;
    this.rowsPerShard = Math.max(1, shardBytes / ((long) Float.BYTES * dimension));
    this.ids = Files.newBufferedWriter(directory.resolve(IDS));
  }

  /**
   * Appends a row.
   *
   * @param vectors the row is the H numbers from {@code from} on
   * @throws InputException if the id cannot stand in a run
   */
  public void add(String id, float[] vectors, int from) throws IOException {
    Run.requireWritable("passage", id);
    if (shard == null || rowsInShard == rowsPerShard) {
      shard = nextShard();
    }
    for (int i = from; i < from + dimension; i++) {
      shard.putFloat(vectors[i]);
    }
    ids.write(id);
    ids.write('\n');
    rowsInShard++;
    count = Math.addExact(count, 1);
  }

  /** Writes what is left and {@code embeddings.json}; without it the folder is not whole. */
  public void finish() throws IOException {
    endShard();
    EmbeddingInfo info = new EmbeddingInfo(model, dimension, count, shards);
    for (int i = 0; i < shards; i++) {
      Files.move(unnumbered(i), directory.resolve(info.shard(i)));
    }
    info.write(directory);
  }

  private SafetensorsWriter nextShard() throws IOException {
    endShard();
    SafetensorsWriter next = new SafetensorsWriter(unnumbered(shards++));
    next.begin(TENSOR, DType.F32);
    rowsInShard = 0;
    return next;
  }

  private void endShard() throws IOException {
    if (shard != null) {
      try (SafetensorsWriter ending = shard) {
        ending.end(rowsInShard, dimension);
        ending.finish(Map.of("model", model));
      }
      shard = null;
    }
  }

  /** A shard's file until the number of shards is known. */
  private Path unnumbered(int number) {
    return directory.resolve("shard-" + number);
  }

  @Override
  public void close() throws IOException {
    try (ids) {
      if (shard != null) {
        shard.close();
      }
    }
  }
}
