package io.condenser.model;

import io.condenser.storage.InputException;
import io.condenser.text.Passage;
import io.condenser.text.Query;
import io.condenser.text.WordPiece;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * How a model turns texts into vectors: {@code retriever.json} of a model folder.
 *
 * @param pooling which vector stands for the text
 * @param normalize whether vectors are scaled to length 1 (inner product = cosine)
 * @param queryLength queries are cut to this many tokens, special tokens and prefix included
 * @param passageLength passages are cut to this many tokens, special tokens and prefix included
 * @param useTitle whether a passage is {@code [CLS] title [SEP] text [SEP]} or its text alone
 * @param queryPrefix put before every query, e.g. {@code "query: "}; usually empty
 * @param passagePrefix put before every passage; usually empty
 */
public record RetrieverConfig(
    Pooling pooling,
    boolean normalize,
    int queryLength,
    int passageLength,
    boolean useTitle,
    String queryPrefix,
    String passagePrefix)
    implements TextTokens {

  public static final String FILE = "retriever.json";

  /** Where sentence-transformers says what ours does. */
  public static final String SENTENCE_TRANSFORMERS = "modules.json";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  public RetrieverConfig {
    length("queryLength", queryLength);
    length("passageLength", passageLength);
  }

  private static void length(String name, int value) {
    if (value < 3 || value > 4096) {
      throw new InputException("%s is %d; expected 3 to 4096".formatted(name, value));
    }
  }

  /** coCondenser's: CLS, inner product, queries of 32 tokens, titled passages of 128. */
  public static RetrieverConfig standard() {
    return new RetrieverConfig(Pooling.CLS, false, 32, 128, true, "", "");
  }

  /**
   * Reads {@code retriever.json}; a model folder without one has the {@link #standard} settings.
   *
   * @throws InputException if it cannot be read, or {@code modules.json} says how texts become
   *     vectors, which {@code convert} reads
   */
  public static RetrieverConfig read(Path modelDirectory) {
    Path file = modelDirectory.resolve(FILE);
    if (!Files.exists(file)) {
      if (Files.exists(modelDirectory.resolve(SENTENCE_TRANSFORMERS))) {
        throw InputException.in(
            modelDirectory,
            ("is a model of sentence-transformers (%s), whose vectors need not be the CLS; make one"
                    + " of ours of it: convert --from %s --out …")
                .formatted(SENTENCE_TRANSFORMERS, modelDirectory));
      }
      return standard();
    }
    try {
      return JSON.readValue(file, RetrieverConfig.class);
    } catch (JacksonException e) {
      throw InputException.in(file, "cannot be read: " + e.getOriginalMessage(), e);
    }
  }

  /** Refuses a model that has fewer positions than a query or a passage may have tokens. */
  public void requirePositions(ModelFolder folder) {
    int longest = Math.max(passageLength, queryLength);
    int positions = folder.config().maxPositionEmbeddings();
    if (longest > positions) {
      throw InputException.in(
          folder.path(),
          "texts of %d tokens, but the model has %d positions".formatted(longest, positions));
    }
  }

  /** The content of {@code retriever.json}. */
  public String toJson() {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n";
  }

  /** Token ids of a query: {@code [CLS] prefix text [SEP]}, cut to the query length. */
  @Override
  public int[] tokens(WordPiece tokenizer, Query query) {
    return tokenizer.encode(queryPrefix + query.text(), queryLength);
  }

  /**
   * Token ids of a passage, cut to the passage length: {@code [CLS] prefix title [SEP] text [SEP]},
   * or without a title {@code [CLS] prefix text [SEP]}.
   */
  @Override
  public int[] tokens(WordPiece tokenizer, Passage passage) {
    return useTitle && !passage.title().isEmpty()
        ? tokenizer.encode(passagePrefix + passage.title(), passage.body(), passageLength)
        : tokenizer.encode(passagePrefix + passage.body(), passageLength);
  }
}
