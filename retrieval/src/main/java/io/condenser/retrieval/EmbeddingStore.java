package io.condenser.retrieval;

import io.condenser.storage.DType;
import io.condenser.storage.InputException;
import io.condenser.storage.Safetensors;
import io.condenser.storage.StoredTensor;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A folder of vectors, one for each passage or query, memory-mapped: it may be larger than memory.
 *
 * <p>Layout: {@code embeddings.safetensors}, or {@code embeddings-00000-of-00003.safetensors} and
 * so on, each with one float32 tensor {@code embeddings} of {@code [n × H]}; {@code ids.txt} with
 * the ids of all rows in order, one a line; {@code embeddings.json} with the model's fingerprint
 * and the sizes.
 *
 * <p>Reading is safe for several threads.
 */
public final class EmbeddingStore implements AutoCloseable {
  /** The file by which such a folder is known. */
  public static final String FILE = EmbeddingInfo.FILE;

  private final Path directory;
  private final EmbeddingInfo info;
  private final MappedIds ids;
  private final List<Safetensors> files;
  private final List<Shard> shards;

  /**
   * Consecutive rows in memory.
   *
   * @param firstRow row of the store that its first is
   * @param rows n
   * @param vectors {@code [n × H]} float32, row-major, little-endian; valid while the store is open
   */
  record Shard(int firstRow, int rows, MemorySegment vectors) {}

  private EmbeddingStore(
      Path directory,
      EmbeddingInfo info,
      MappedIds ids,
      List<Safetensors> files,
      List<Shard> shards) {
    this.directory = directory;
    this.info = info;
    this.ids = ids;
    this.files = files;
    this.shards = shards;
  }

  /**
   * Maps an embedding folder.
   *
   * @throws InputException if it is none, or its parts do not fit together
   */
  public static EmbeddingStore open(Path directory) {
    EmbeddingInfo info = EmbeddingInfo.read(directory);
    List<Safetensors> files = new ArrayList<>();
    try {
      List<Shard> shards = new ArrayList<>();
      int rows = 0;
      for (int i = 0; i < info.shards(); i++) {
        Safetensors file = Safetensors.open(directory.resolve(info.shard(i)));
        files.add(file);
        Shard shard = shard(file, rows, info.dimension());
        shards.add(shard);
        rows = Math.addExact(rows, shard.rows());
      }
      if (rows != info.count()) {
        throw InputException.in(
            directory,
            "holds %d vectors, but %s names %d; encode again"
                .formatted(rows, EmbeddingInfo.FILE, info.count()));
      }
      MappedIds ids = MappedIds.open(directory.resolve(EmbeddingWriter.IDS), info.count());
      return new EmbeddingStore(directory, info, ids, files, shards);
    } catch (RuntimeException e) {
      files.forEach(Safetensors::close);
      throw e;
    }
  }

  private static Shard shard(Safetensors file, int firstRow, int dimension) {
    StoredTensor tensor = file.tensor(EmbeddingWriter.TENSOR);
    List<Long> shape = tensor.shape();
    if (tensor.dtype() != DType.F32 || shape.size() != 2 || shape.get(1) != dimension) {
      throw InputException.in(
          file.file(),
          "tensor %s is %s %s; expected F32 [n, %d]"
              .formatted(tensor.name(), tensor.dtype(), shape, dimension));
    }
    return new Shard(firstRow, Math.toIntExact(shape.get(0)), tensor.data());
  }

  /** N, the number of vectors. */
  public int size() {
    return info.count();
  }

  /** H, the length of each vector. */
  public int dimension() {
    return info.dimension();
  }

  /** Fingerprint of the model that made the vectors. */
  public String model() {
    return info.model();
  }

  /** The id of a row, 0 being the first. */
  public String id(int row) {
    return ids.get(row);
  }

  /**
   * Refuses to be searched with another model's vectors: inner products between them mean nothing.
   *
   * @param fingerprint of the model that makes the queries' vectors
   * @throws InputException if it is not the one that made this store
   */
  public void requireModel(String fingerprint) {
    if (!info.model().equals(fingerprint)) {
      throw InputException.in(
          directory,
          "was encoded by another model (%.12s…) than the queries' (%.12s…); encode the corpus again"
              .formatted(info.model(), fingerprint));
    }
  }

  List<Shard> shards() {
    return shards;
  }

  @Override
  public void close() {
    ids.close();
    files.forEach(Safetensors::close);
  }
}
