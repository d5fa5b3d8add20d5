package io.condenser.model;

import io.condenser.storage.InputException;
import io.condenser.text.Passage;
import io.condenser.text.Query;
import io.condenser.text.TokenPair;
import io.condenser.text.WordPiece;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * How a cross-encoder takes a query and a passage together: {@code reranker.json} of a model
 * folder.
 *
 * @param queryLength queries are cut to this many tokens, [CLS] and their [SEP] included; at least
 *     3
 * @param length a pair is cut to this many tokens, the passage alone giving way; above {@code
 *     queryLength}
 * @param useTitle whether a passage is {@code title [SEP] text} or its text alone
 */
public record RerankerConfig(int queryLength, int length, boolean useTitle) implements TextTokens {

  public static final String FILE = "reranker.json";

  private static final int SHORTEST_QUERY = 3;
  private static final int LONGEST = 4096;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  public RerankerConfig {
    if (queryLength < SHORTEST_QUERY || queryLength >= length) {
      throw new InputException(
          "query-length is %d; expected %d to below length, which is %d"
              .formatted(queryLength, SHORTEST_QUERY, length));
    }
    if (length > LONGEST) {
      throw new InputException("length is %d; expected at most %d".formatted(length, LONGEST));
    }
  }

  /**
   * The standard lengths of a bi-encoder in one: queries of 32 tokens, pairs of 160, with titles.
   */
  public static RerankerConfig standard() {
    return new RerankerConfig(32, 160, true);
  }

  /**
   * Reads {@code reranker.json}; a model folder without one has the {@link #standard} settings.
   *
   * @throws InputException if it cannot be read, or the model has fewer positions than a pair
   */
  public static RerankerConfig read(ModelFolder folder) {
    Path file = folder.path().resolve(FILE);
    RerankerConfig config = Files.exists(file) ? read(file) : standard();
    config.requirePositions(folder);
    return config;
  }

  private static RerankerConfig read(Path file) {
    try {
      return JSON.readValue(file, RerankerConfig.class);
    } catch (JacksonException e) {
      throw InputException.in(file, "cannot be read: " + e.getOriginalMessage(), e);
    }
  }

  /** Refuses a model that has fewer positions than a pair may have tokens. */
  public void requirePositions(ModelFolder folder) {
    int positions = folder.config().maxPositionEmbeddings();
    if (length > positions) {
      throw InputException.in(
          folder.path(),
          "pairs of %d tokens, but the model has %d positions".formatted(length, positions));
    }
  }

  /** The content of {@code reranker.json}. */
  public String toJson() {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n";
  }

  @Override
  public int[] tokens(WordPiece tokenizer, Query query) {
    return tokenizer.encode(query.text(), queryLength);
  }

  /** As long as it may be beside a query without a word. */
  @Override
  public int[] tokens(WordPiece tokenizer, Passage passage) {
    int longest = length - TokenPair.SPECIALS + 2; // its own [CLS] and [SEP]
    return useTitle && !passage.title().isEmpty()
        ? tokenizer.encode(passage.title(), passage.body(), longest)
        : tokenizer.encode(passage.body(), longest);
  }

  /** The pair of a query's and a passage's {@link #tokens}. */
  public TokenPair pair(int[] query, int[] passage) {
    return TokenPair.of(query, passage, length);
  }
}
