package io.condenser.model.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.condenser.storage.InputException;
import io.condenser.text.TokenBatch;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

/**
 * An encoder that ONNX Runtime computes: token ids to vectors. Safe for use by several threads.
 *
 * <p>The model's inputs are {@link #IDS}, {@link #MASK} and {@link #TYPES}, int64 {@code [B, L]};
 * its output is {@link #EMBEDDINGS}, float32 {@code [B, H]}.
 */
public final class OnnxSession implements AutoCloseable {
  public static final String IDS = "input_ids";
  public static final String MASK = "attention_mask";
  public static final String TYPES = "token_type_ids";
  public static final String EMBEDDINGS = "embeddings";

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final int dimension;
  private final ExecutorService workers;

  /**
   * Reads a model.
   *
   * @param model a whole ONNX file outside the heap; not needed any more afterwards
   * @param dimension H
   * @param threads that compute the rows of a batch, each its own
   * @throws InputException if ONNX Runtime has no natives for this machine
   */
  public OnnxSession(MemorySegment model, int dimension, int threads) {
    this.dimension = dimension;
    environment = environment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1); // those of the workers, which do not spin when idle
      session = environment.createSession(model.asByteBuffer(), options);
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime refuses the model: " + e.getMessage(), e);
    }
    workers =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("onnx-", 0).factory());
  }

  private static OrtEnvironment environment() {
    Telemetry.refuse();
    try {
      OrtEnvironment environment = OrtEnvironment.getEnvironment("condenser");
      environment.setTelemetry(false);
      return environment;
    } catch (LinkageError e) {
      throw new InputException(
          "ONNX Runtime, which int8 needs, does not load on this machine (%s, %s); use fp32 or bf16"
              .formatted(System.getProperty("os.name"), System.getProperty("os.arch")),
          e);
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime does not start: " + e.getMessage(), e);
    }
  }

  /**
   * {@code [B × H]} row-major, row by row. A row's activations then fit into the caches, no padding
   * is computed, and no row has a part in how another is quantised.
   */
  public float[] embed(TokenBatch batch) {
    List<CompletableFuture<float[]>> rows =
        IntStream.range(0, batch.rows())
            .mapToObj(
                row -> CompletableFuture.supplyAsync(() -> run(batch.slice(row, row + 1)), workers))
            .toList();
    FloatBuffer vectors = FloatBuffer.allocate(rows.size() * dimension);
    rows.forEach(row -> vectors.put(row.join()));
    return vectors.array();
  }

  /** {@code [B × H]} row-major, all rows at once on this thread. */
  public float[] run(TokenBatch batch) {
    int length = batch.length();
    try (OnnxTensor ids = tensor(batch, i -> batch.ids()[i]);
        OnnxTensor mask = tensor(batch, i -> i % length < batch.lengths()[i / length] ? 1 : 0);
        OnnxTensor types = tensor(batch, i -> batch.tokenTypes()[i]);
        OrtSession.Result result = session.run(Map.of(IDS, ids, MASK, mask, TYPES, types))) {
      FloatBuffer vectors = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] copy = new float[vectors.remaining()];
      vectors.get(copy);
      return copy;
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime failed: " + e.getMessage(), e);
    }
  }

  /** {@code [B, L]} of 64-bit integers. */
  private OnnxTensor tensor(TokenBatch batch, IntToLongFunction value) throws OrtException {
    int size = batch.rows() * batch.length();
    LongBuffer values =
        ByteBuffer.allocateDirect(size * Long.BYTES).order(ByteOrder.nativeOrder()).asLongBuffer();
    for (int i = 0; i < size; i++) {
      values.put(i, value.applyAsLong(i));
    }
    return OnnxTensor.createTensor(environment, values, new long[] {batch.rows(), batch.length()});
  }

  @Override
  public void close() {
    workers.close();
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime cannot close: " + e.getMessage(), e);
    }
  }
}
