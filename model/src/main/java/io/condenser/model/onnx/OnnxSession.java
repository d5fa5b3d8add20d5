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
import java.util.Map;
import java.util.function.IntToLongFunction;

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

  /**
   * Reads a model.
   *
   * @param model a whole ONNX file outside the heap; not needed any more afterwards
   * @param threads that compute a batch together
   * @throws InputException if ONNX Runtime has no natives for this machine
   */
  public OnnxSession(MemorySegment model, int threads) {
    environment = environment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      // Idle threads sleep instead of spinning beside those of the tensor library.
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      // Processors without VNNI would saturate sums of two int8 products at 16 bits.
      options.addConfigEntry("session.x64quantprecision", "1");
      session = environment.createSession(model.asByteBuffer(), options);
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime refuses the model: " + e.getMessage(), e);
    }
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

  /** {@code [B × H]} row-major. */
  public float[] embed(TokenBatch batch) {
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
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime cannot close: " + e.getMessage(), e);
    }
  }
}
