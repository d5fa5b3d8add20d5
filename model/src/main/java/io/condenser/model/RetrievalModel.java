package io.condenser.model;

import io.condenser.model.onnx.OnnxSession;
import io.condenser.storage.Fingerprint;
import io.condenser.storage.InputException;
import io.condenser.text.Passage;
import io.condenser.text.Query;
import io.condenser.text.TokenBatch;
import io.condenser.text.WordPiece;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** A bi-encoder's folder opened for inference: texts to token ids, token ids to vectors. */
public final class RetrievalModel implements AutoCloseable {
  private final RetrieverConfig config;
  private final WordPiece tokenizer;
  private final Tower passages;
  private final Tower queries;
  private final int dimension;
  private final Precision precision;
  private final String fingerprint;

  /** How one encoder is computed, and what ends it. */
  private record Tower(Function<TokenBatch, float[]> embed, Runnable close) {}

  /**
   * A model of encoders that are at hand, which the caller keeps and closes.
   *
   * @param queries the query encoder; the same object as {@code passages} where it is tied
   * @param precision of the matrix products; int8 multiplies the weights as they are now
   */
  public RetrievalModel(
      RetrieverConfig config,
      WordPiece tokenizer,
      Encoder queries,
      Encoder passages,
      Precision precision,
      String fingerprint) {
    this.config = config;
    this.tokenizer = tokenizer;
    this.precision = precision;
    this.passages = tower(passages);
    this.queries = queries == passages ? this.passages : tower(queries);
    this.dimension = passages.config().hiddenSize();
    this.fingerprint = fingerprint;
  }

  private Tower tower(Encoder encoder) {
    if (precision == Precision.INT8) {
      OnnxSession session = session(encoder);
      return new Tower(session::embed, session::close);
    }
    return new Tower(batch -> embed(encoder, batch), encoder::close);
  }

  private OnnxSession session(Encoder encoder) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment graph =
          EncoderGraph.bytes(encoder.config(), encoder.parameters(), config, true, arena);
      return new OnnxSession(graph, encoder.config().hiddenSize(), torch.get_num_threads());
    }
  }

  /**
   * Opens a model folder.
   *
   * @param precision of the matrix products
   * @throws InputException if the folder is not a whole model
   */
  public static RetrievalModel open(Path directory, Precision precision) {
    ModelFolder folder = ModelFolder.open(directory);
    RetrieverConfig config = folder.retriever();
    config.requirePositions(folder);
    WordPiece tokenizer = folder.tokenizer();
    Encoder passages = encoder(folder, config);
    Encoder queries = folder.untied() ? encoder(folder.queryEncoder(), config) : passages;
    RetrievalModel model =
        new RetrievalModel(
            config, tokenizer, queries, passages, precision, fingerprint(directory, tokenizer));
    if (precision == Precision.INT8) { // its graph has weights of its own
      queries.close();
      passages.close();
    }
    return model;
  }

  private static Encoder encoder(ModelFolder folder, RetrieverConfig config) {
    Parameters parameters = new Parameters();
    try {
      folder.loadBackbone(parameters, ScalarType.Float);
    } catch (RuntimeException e) {
      parameters.close();
      throw e;
    }
    parameters.train(name -> false);
    return new Encoder(folder.config(), parameters, config.pooling(), config.normalize());
  }

  private static String fingerprint(Path folder, WordPiece tokenizer) {
    Fingerprint fingerprint = new Fingerprint().add("tokenizer", tokenizer.fingerprint());
    for (String name :
        List.of(
            BertConfig.FILE,
            ModelFolder.WEIGHTS,
            RetrieverConfig.FILE,
            ModelFolder.QUERY + "/" + BertConfig.FILE,
            ModelFolder.QUERY + "/" + ModelFolder.WEIGHTS)) {
      if (Files.exists(folder.resolve(name))) {
        fingerprint.add(name, folder.resolve(name));
      }
    }
    return fingerprint.hex();
  }

  /** How texts become vectors. */
  public RetrieverConfig config() {
    return config;
  }

  /** The model's tokenizer. */
  public WordPiece tokenizer() {
    return tokenizer;
  }

  /** H, the width of a vector. */
  public int dimension() {
    return dimension;
  }

  /** SHA-256 of weights and settings; an index keeps it and refuses another model's queries. */
  public String fingerprint() {
    return fingerprint;
  }

  /** Token ids of a query, ready for {@link #embedQueries}. Safe for use by several threads. */
  public int[] tokens(Query query) {
    return config.tokens(tokenizer, query);
  }

  /** Token ids of a passage, ready for {@link #embedPassages}. Safe for use by several threads. */
  public int[] tokens(Passage passage) {
    return config.tokens(tokenizer, passage);
  }

  /** {@code [B × H]} row-major. */
  public float[] embedQueries(TokenBatch batch) {
    return queries.embed().apply(batch);
  }

  /** {@code [B × H]} row-major. */
  public float[] embedPassages(TokenBatch batch) {
    return passages.embed().apply(batch);
  }

  private float[] embed(Encoder encoder, TokenBatch batch) {
    try (PointerScope _ = new PointerScope();
        InferenceMode _ = new InferenceMode(true)) {
      Weights weights = Weights.of(encoder.parameters(), precision);
      return Tensors.floats(encoder.encode(weights, batch, Dropout.NONE));
    }
  }

  @Override
  public void close() {
    passages.close().run();
    if (!queries.equals(passages)) {
      queries.close().run();
    }
  }
}
