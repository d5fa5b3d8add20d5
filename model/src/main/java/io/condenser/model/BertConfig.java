package io.condenser.model;

import io.condenser.storage.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The shape of a BERT encoder (Devlin et al. 2019), as in Hugging Face's {@code config.json}.
 *
 * @param vocabSize V
 * @param hiddenSize H, a multiple of {@code numAttentionHeads}
 * @param numHiddenLayers transformer layers of the backbone, early and late together
 * @param numAttentionHeads heads of each layer
 * @param intermediateSize width of the feed-forward part
 * @param maxPositionEmbeddings longest sequence
 * @param typeVocabSize segments, usually 2
 * @param layerNormEps added to the variance in every LayerNorm
 * @param hiddenDropout probability, on embeddings and on each sublayer's output
 * @param attentionDropout probability, on attention weights
 * @param initializerRange standard deviation of fresh weights
 */
public record BertConfig(
    int vocabSize,
    int hiddenSize,
    int numHiddenLayers,
    int numAttentionHeads,
    int intermediateSize,
    int maxPositionEmbeddings,
    int typeVocabSize,
    double layerNormEps,
    double hiddenDropout,
    double attentionDropout,
    double initializerRange) {

  /** Embeddings are often padded to a multiple of a power of two, at most this much. */
  private static final int PADDED_PIECES = 512;

  private static final ObjectMapper JSON = new ObjectMapper();
  public static final String FILE = "config.json";

  /** Hugging Face's class of cross-encoders. */
  public static final String CROSS_ENCODER = "BertForSequenceClassification";

  public BertConfig {
    positive("vocab_size", vocabSize);
    positive("hidden_size", hiddenSize);
    positive("num_hidden_layers", numHiddenLayers);
    positive("num_attention_heads", numAttentionHeads);
    positive("intermediate_size", intermediateSize);
    positive("max_position_embeddings", maxPositionEmbeddings);
    positive("type_vocab_size", typeVocabSize);
    if (hiddenSize % numAttentionHeads != 0) {
      throw new InputException(
          "hidden_size %d is not a multiple of num_attention_heads %d"
              .formatted(hiddenSize, numAttentionHeads));
    }
    probability("hidden_dropout_prob", hiddenDropout);
    probability("attention_probs_dropout_prob", attentionDropout);
  }

  private static void positive(String name, int value) {
    if (value < 1) {
      throw new InputException("%s is %d; expected at least 1".formatted(name, value));
    }
  }

  private static void probability(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new InputException("%s is %s; expected 0 ≤ p < 1".formatted(name, value));
    }
  }

  /**
   * Refuses a vocabulary that cannot be this encoder's.
   *
   * @param where how the error names the model
   * @param pieces of the vocabulary; as many as the word embeddings, or up to {@value
   *     #PADDED_PIECES} fewer where the embeddings are padded
   */
  public void requireVocabulary(String where, int pieces) {
    if (pieces > vocabSize || pieces < vocabSize - PADDED_PIECES) {
      throw new InputException(
          "%s: its vocabulary has %d pieces, its model %d word embeddings: the vocabulary of another model?"
              .formatted(where, pieces, vocabSize));
    }
  }

  /** A fresh encoder's shape with BERT's usual constants. */
  public static BertConfig of(int vocabSize, int hiddenSize, int layers, int heads) {
    return new BertConfig(
        vocabSize, hiddenSize, layers, heads, 4 * hiddenSize, 512, 2, 1e-12, 0.1, 0.1, 0.02);
  }

  /** The same shape with other dropout probabilities. */
  public BertConfig withDropout(double hidden, double attention) {
    return new BertConfig(
        vocabSize,
        hiddenSize,
        numHiddenLayers,
        numAttentionHeads,
        intermediateSize,
        maxPositionEmbeddings,
        typeVocabSize,
        layerNormEps,
        hidden,
        attention,
        initializerRange);
  }

  /** The same shape cut to its first layers. */
  public BertConfig withLayers(int layers) {
    return new BertConfig(
        vocabSize,
        hiddenSize,
        layers,
        numAttentionHeads,
        intermediateSize,
        maxPositionEmbeddings,
        typeVocabSize,
        layerNormEps,
        hiddenDropout,
        attentionDropout,
        initializerRange);
  }

  /**
   * Reads {@code config.json} of a model folder.
   *
   * @throws InputException if it is missing, not JSON, of another architecture, or out of range
   */
  public static BertConfig read(Path modelDirectory) {
    Path file = modelDirectory.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      throw InputException.in(
          modelDirectory, "not a model folder: it has no " + FILE + " (Hugging Face's layout)");
    }
    JsonNode json;
    try {
      json = JSON.readTree(file);
    } catch (JacksonException e) {
      throw InputException.in(file, "not JSON: " + e.getOriginalMessage(), e);
    }
    String type = json.path("model_type").asString("bert");
    if (!type.equals("bert")) {
      throw InputException.in(file, "model_type is '" + type + "'; expected 'bert'");
    }
    String activation = json.path("hidden_act").asString("gelu");
    if (!activation.equals("gelu")) {
      throw InputException.in(file, "hidden_act is '" + activation + "'; expected 'gelu'");
    }
    String positions = json.path("position_embedding_type").asString("absolute");
    if (!positions.equals("absolute")) {
      throw InputException.in(
          file, "position_embedding_type is '" + positions + "'; expected 'absolute'");
    }
    return new BertConfig(
        required(file, json, "vocab_size"),
        required(file, json, "hidden_size"),
        required(file, json, "num_hidden_layers"),
        required(file, json, "num_attention_heads"),
        required(file, json, "intermediate_size"),
        required(file, json, "max_position_embeddings"),
        json.path("type_vocab_size").asInt(2),
        json.path("layer_norm_eps").asDouble(1e-12),
        json.path("hidden_dropout_prob").asDouble(0.1),
        json.path("attention_probs_dropout_prob").asDouble(0.1),
        json.path("initializer_range").asDouble(0.02));
  }

  private static int required(Path file, JsonNode json, String key) {
    JsonNode value = json.path(key);
    if (!value.isIntegralNumber()) {
      throw InputException.in(file, "'" + key + "' is missing or not a whole number");
    }
    return value.asInt();
  }

  /**
   * Hugging Face's {@code config.json} for this shape.
   *
   * @param architecture the class that Hugging Face's library would load, e.g. {@code BertModel}
   */
  public String toJson(String architecture) {
    ObjectNode json = JSON.createObjectNode();
    json.putArray("architectures").add(architecture);
    json.put("model_type", "bert");
    json.put("hidden_act", "gelu");
    json.put("vocab_size", vocabSize);
    json.put("hidden_size", hiddenSize);
    json.put("num_hidden_layers", numHiddenLayers);
    json.put("num_attention_heads", numAttentionHeads);
    json.put("intermediate_size", intermediateSize);
    json.put("max_position_embeddings", maxPositionEmbeddings);
    json.put("type_vocab_size", typeVocabSize);
    json.put("layer_norm_eps", layerNormEps);
    json.put("hidden_dropout_prob", hiddenDropout);
    json.put("attention_probs_dropout_prob", attentionDropout);
    json.put("initializer_range", initializerRange);
    json.put("pad_token_id", 0);
    json.put("tie_word_embeddings", true);
    if (architecture.equals(CROSS_ENCODER)) { // one logit; Hugging Face's default is two
      json.putObject("id2label").put("0", "LABEL_0");
    }
    return json.toPrettyString() + "\n";
  }
}
