package io.condenser.model;

import io.condenser.storage.Fingerprint;
import io.condenser.storage.InputException;
import io.condenser.text.Passage;
import io.condenser.text.Query;
import io.condenser.text.TokenBatch;
import io.condenser.text.TokenPair;
import io.condenser.text.WordPiece;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;

/** A cross-encoder's folder opened for inference: texts to token ids, pairs of them to logits. */
public final class RerankingModel implements AutoCloseable {
  private final RerankerConfig config;
  private final WordPiece tokenizer;
  private final CrossEncoder encoder;
  private final Precision precision;
  private final String fingerprint;

  /**
   * A model of a cross-encoder that is at hand, which the caller keeps and closes.
   *
   * @param precision of the matrix products, not int8
   */
  public RerankingModel(
      RerankerConfig config,
      WordPiece tokenizer,
      CrossEncoder encoder,
      Precision precision,
      String fingerprint) {
    requireSupported(precision);
    this.config = config;
    this.tokenizer = tokenizer;
    this.encoder = encoder;
    this.precision = precision;
    this.fingerprint = fingerprint;
  }

  /** Refuses int8, in which there is no graph of pairs. */
  public static void requireSupported(Precision precision) {
    if (precision == Precision.INT8) {
      throw new InputException("precision is int8; expected auto, fp32 or bf16 to score pairs");
    }
  }

  /**
   * Opens a model folder.
   *
   * @param precision of the matrix products, not int8
   * @throws InputException if the folder is not a whole cross-encoder
   */
  public static RerankingModel open(Path directory, Precision precision) {
    ModelFolder folder = ModelFolder.open(directory);
    if (!folder.hasClassifier()) {
      throw InputException.in(
          directory,
          "has no classifier, so it is no cross-encoder; train one from it with train-reranker");
    }
    RerankerConfig config = RerankerConfig.read(folder);
    WordPiece tokenizer = folder.tokenizer();
    CrossEncoder encoder = CrossEncoder.load(folder, folder.config(), 0); // nothing is fresh
    encoder.parameters().train(name -> false);
    String fingerprint =
        new Fingerprint()
            .add("weights", directory.resolve(ModelFolder.WEIGHTS))
            .add("shape", folder.config().toString())
            .add("tokenizer", tokenizer.fingerprint())
            .add("texts", config.toString())
            .add("precision", precision.here().name())
            .hex();
    return new RerankingModel(config, tokenizer, encoder, precision, fingerprint);
  }

  /** How texts become pairs of tokens. */
  public RerankerConfig config() {
    return config;
  }

  /** The model's tokenizer. */
  public WordPiece tokenizer() {
    return tokenizer;
  }

  /** SHA-256 of all that a pair's score depends on besides its texts. */
  public String fingerprint() {
    return fingerprint;
  }

  /** Token ids of a query, ready for {@link #pair}. Safe for use by several threads. */
  public int[] tokens(Query query) {
    return config.tokens(tokenizer, query);
  }

  /** Token ids of a passage, ready for {@link #pair}. Safe for use by several threads. */
  public int[] tokens(Passage passage) {
    return config.tokens(tokenizer, passage);
  }

  /** The pair of a query's and a passage's tokens. */
  public TokenPair pair(int[] query, int[] passage) {
    return config.pair(query, passage);
  }

  /** {@code [B]} logits; their sigmoid is the probability of relevance. */
  public float[] score(List<TokenPair> pairs) {
    int longest = pairs.stream().mapToInt(TokenPair::length).max().orElse(0);
    TokenBatch batch = TokenBatch.ofPairs(pairs, tokenizer.padId(), longest);
    try (PointerScope _ = new PointerScope();
        InferenceMode _ = new InferenceMode(true)) {
      Weights weights = Weights.of(encoder.parameters(), precision);
      return Tensors.floats(encoder.score(weights, batch, Dropout.NONE));
    }
  }

  @Override
  public void close() {
    encoder.close();
  }
}
