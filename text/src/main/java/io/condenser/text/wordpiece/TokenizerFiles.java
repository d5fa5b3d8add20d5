package io.condenser.text.wordpiece;

import io.condenser.storage.InputException;
import io.condenser.storage.Lines;
import io.condenser.storage.Replacement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A BERT tokenizer as Hugging Face lays it out in a model folder: {@code vocab.txt} (a piece a
 * line, its id the line's number from 0), {@code tokenizer_config.json} (settings) and {@code
 * tokenizer.json} (all in one).
 *
 * @param vocabulary the pieces in order of their ids
 * @param normalization how text is normalised
 */
public record TokenizerFiles(List<String> vocabulary, Normalization normalization) {
  /** The special tokens of BERT, in the order in which it puts them. */
  public static final List<String> SPECIAL_TOKENS =
      List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");

  private static final String VOCABULARY = "vocab.txt";
  private static final String SETTINGS = "tokenizer_config.json";
  private static final String ALL = "tokenizer.json";

  private static final JsonMapper JSON = JsonMapper.shared();

  public TokenizerFiles {
    vocabulary = List.copyOf(vocabulary);
  }

  /**
   * Reads the tokenizer of a model folder. Where {@code tokenizer_config.json} and {@code
   * tokenizer.json} contradict each other, the former counts, as it does in Hugging Face's library;
   * where both are silent, BERT's defaults do (uncased, accents stripped, ideographs apart).
   *
   * @throws InputException if there is no vocabulary, or the tokenizer is not a WordPiece one
   */
  public static TokenizerFiles read(Path directory) {
    JsonNode all = json(directory.resolve(ALL));
    JsonNode settings = json(directory.resolve(SETTINGS));
    if (all != null) {
      checkSupported(directory.resolve(ALL), all);
      checkAddedTokens(directory.resolve(ALL), all);
    }
    if (settings != null) {
      checkWords(directory.resolve(SETTINGS), settings);
    }
    JsonNode normalizer = all == null ? JSON.createObjectNode() : all.path("normalizer");
    JsonNode config = settings == null ? JSON.createObjectNode() : settings;
    boolean lowerCase =
        flag(config.path("do_lower_case"), flag(normalizer.path("lowercase"), true));
    boolean stripAccents =
        flag(config.path("strip_accents"), flag(normalizer.path("strip_accents"), lowerCase));
    boolean ideographs =
        flag(
            config.path("tokenize_chinese_chars"),
            flag(normalizer.path("handle_chinese_chars"), true));
    return new TokenizerFiles(
        vocabulary(directory, all), new Normalization(lowerCase, stripAccents, ideographs));
  }

  private static @Nullable JsonNode json(Path file) {
    if (!Files.exists(file)) {
      return null;
    }
    try {
      return JSON.readTree(file);
    } catch (JacksonException e) {
      throw InputException.in(file, "not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static boolean flag(JsonNode node, boolean otherwise) {
    return node.isBoolean() ? node.booleanValue() : otherwise;
  }

  private static void checkSupported(Path file, JsonNode all) {
    String model = all.path("model").path("type").asString("WordPiece");
    String normalizer = all.path("normalizer").path("type").asString("BertNormalizer");
    boolean cleans = flag(all.path("normalizer").path("clean_text"), true);
    int longest =
        all.path("model").path("max_input_chars_per_word").asInt(PieceTrie.MAX_WORD_CHARACTERS);
    String mark =
        all.path("model").path("continuing_subword_prefix").asString(PieceTrie.CONTINUATION);
    require(file, "model.type", "WordPiece", model);
    require(file, "normalizer.type", "BertNormalizer", normalizer);
    require(file, "normalizer.clean_text", true, cleans);
    require(file, "model.max_input_chars_per_word", PieceTrie.MAX_WORD_CHARACTERS, longest);
    require(file, "model.continuing_subword_prefix", PieceTrie.CONTINUATION, mark);
  }

  /** Some of BERT's relatives cut words by a dictionary first, e.g. Japanese ones by MeCab. */
  private static void checkWords(Path file, JsonNode settings) {
    require(
        file,
        "word_tokenizer_type",
        "basic",
        settings.path("word_tokenizer_type").asString("basic"));
    require(
        file,
        "subword_tokenizer_type",
        "wordpiece",
        settings.path("subword_tokenizer_type").asString("wordpiece"));
  }

  private static void require(Path file, String setting, Object expected, Object found) {
    if (!found.equals(expected)) {
      throw InputException.in(
          file,
          "%s is %s; only BERT's WordPiece can be read, where it is %s"
              .formatted(setting, found, expected));
    }
  }

  /** Tokens that are matched in raw text; we match the five of BERT and no others. */
  private static void checkAddedTokens(Path file, JsonNode all) {
    for (JsonNode token : all.path("added_tokens")) {
      String content = token.path("content").asString("");
      if (!SPECIAL_TOKENS.contains(content)) {
        throw InputException.in(
            file, "adds the token '%s'; only %s can be read".formatted(content, SPECIAL_TOKENS));
      }
    }
  }

  private static List<String> vocabulary(Path directory, @Nullable JsonNode all) {
    Path file = directory.resolve(VOCABULARY);
    if (Files.exists(file)) {
      List<String> vocabulary = new ArrayList<>();
      try (Lines lines = Lines.open(file)) {
        for (String line = lines.next(); line != null; line = lines.next()) {
          vocabulary.add(line);
        }
      }
      return vocabulary;
    }
    if (all == null) {
      throw InputException.in(
          directory,
          "has neither %s nor %s; expected a model folder with its tokenizer"
              .formatted(VOCABULARY, ALL));
    }
    return inOrder(directory.resolve(ALL), all.path("model").path("vocab"));
  }

  private static List<String> inOrder(Path file, JsonNode ids) {
    @Nullable String[] pieces = new @Nullable String[ids.size()];
    for (Map.Entry<String, JsonNode> entry : ids.properties()) {
      int id = entry.getValue().asInt(-1);
      if (id < 0 || id >= pieces.length || pieces[id] != null) {
        throw InputException.in(
            file,
            "piece '%s' has id %s; expected each of 0 to %d once"
                .formatted(entry.getKey(), entry.getValue(), pieces.length - 1));
      }
      pieces[id] = entry.getKey();
    }
    return Arrays.asList(pieces).stream().map(Objects::requireNonNull).toList();
  }

  /** The files of a tokenizer. */
  public static List<Path> in(Path directory) {
    return List.of(
        directory.resolve(VOCABULARY), directory.resolve(SETTINGS), directory.resolve(ALL));
  }

  /**
   * Writes all three files into a folder, so that Hugging Face's slow and fast tokenizers, and
   * whatever reads {@code tokenizer.json} alone, load the same tokenizer.
   */
  public void write(Path directory) {
    write(directory.resolve(VOCABULARY), String.join("\n", vocabulary) + "\n");
    write(directory.resolve(SETTINGS), settings().toPrettyString() + "\n");
    write(directory.resolve(ALL), allInOne().toPrettyString() + "\n");
  }

  private static void write(Path file, String text) {
    Replacement.file(file, aside -> writeText(aside, text));
  }

  private static void writeText(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardCharsets.UTF_8);
  }

  private ObjectNode settings() {
    ObjectNode settings = JSON.createObjectNode();
    settings.put("tokenizer_class", "BertTokenizer");
    settings.put("do_lower_case", normalization.lowerCase());
    settings.put("strip_accents", normalization.stripAccents());
    settings.put("tokenize_chinese_chars", normalization.isolateIdeographs());
    for (String token : SPECIAL_TOKENS) {
      String name = token.equals("[UNK]") ? "unk" : token.substring(1, token.length() - 1);
      settings.put(name.toLowerCase(java.util.Locale.ROOT) + "_token", token);
    }
    return settings;
  }

  private ObjectNode allInOne() {
    ObjectNode all = JSON.createObjectNode();
    all.put("version", "1.0").putNull("truncation").putNull("padding");
    ArrayNode added = all.putArray("added_tokens");
    for (String token : SPECIAL_TOKENS) {
      ObjectNode node = added.addObject().put("id", vocabulary.indexOf(token));
      node.put("content", token).put("single_word", false).put("lstrip", false);
      node.put("rstrip", false).put("normalized", false).put("special", true);
    }
    ObjectNode normalizer = all.putObject("normalizer").put("type", "BertNormalizer");
    normalizer.put("clean_text", true);
    normalizer.put("handle_chinese_chars", normalization.isolateIdeographs());
    normalizer.put("strip_accents", normalization.stripAccents());
    normalizer.put("lowercase", normalization.lowerCase());
    all.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
    ObjectNode after = all.putObject("post_processor").put("type", "BertProcessing");
    after.putArray("sep").add("[SEP]").add(vocabulary.indexOf("[SEP]"));
    after.putArray("cls").add("[CLS]").add(vocabulary.indexOf("[CLS]"));
    ObjectNode decoder = all.putObject("decoder").put("type", "WordPiece");
    decoder.put("prefix", PieceTrie.CONTINUATION).put("cleanup", true);
    ObjectNode model = all.putObject("model").put("type", "WordPiece");
    model.put("unk_token", "[UNK]").put("continuing_subword_prefix", PieceTrie.CONTINUATION);
    model.put("max_input_chars_per_word", PieceTrie.MAX_WORD_CHARACTERS);
    ObjectNode ids = model.putObject("vocab");
    for (int id = 0; id < vocabulary.size(); id++) {
      ids.put(vocabulary.get(id), id);
    }
    return all;
  }
}
