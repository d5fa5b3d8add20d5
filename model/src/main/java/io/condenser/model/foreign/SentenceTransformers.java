package io.condenser.model.foreign;

import io.condenser.model.Pooling;
import io.condenser.model.RetrieverConfig;
import io.condenser.storage.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * What {@code modules.json} of a sentence-transformers folder says: where the encoder lies, how it
 * pools, whether vectors are normalised, how long texts may be, what is put before them. A folder
 * without one is an encoder alone, with its own {@code retriever.json} or the standard settings.
 *
 * @param encoder the folder of weights and tokenizer
 * @param retriever how texts become vectors
 */
record SentenceTransformers(Path encoder, RetrieverConfig retriever) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int QUERY_LENGTH = 64;
  private static final int DEFAULT_LENGTH = 512;

  static SentenceTransformers read(Path folder) {
    Path file = folder.resolve(RetrieverConfig.SENTENCE_TRANSFORMERS);
    if (Files.exists(folder.resolve(RetrieverConfig.FILE)) || !Files.exists(file)) {
      return new SentenceTransformers(folder, RetrieverConfig.read(folder));
    }
    Path encoder = folder;
    Pooling pooling = Pooling.MEAN;
    boolean normalize = false;
    List<String> seen = new ArrayList<>();
    for (JsonNode module : json(file)) {
      String type = module.path("type").asString("");
      String kind = type.substring(type.lastIndexOf('.') + 1);
      Path path = folder.resolve(module.path("path").asString("")).normalize();
      seen.add(kind);
      switch (kind) {
        case "Transformer" -> encoder = path;
        case "Pooling" -> pooling = pooling(path.resolve("config.json"));
        case "Normalize" -> normalize = true;
        default ->
            throw InputException.in(
                file,
                "has a module '%s'; expected Transformer, Pooling and Normalize alone"
                    .formatted(type));
      }
    }
    if (!seen.contains("Transformer") || !seen.contains("Pooling")) {
      throw InputException.in(file, "has the modules " + seen + "; expected Transformer, Pooling");
    }
    return new SentenceTransformers(encoder, settings(folder, encoder, pooling, normalize));
  }

  private static RetrieverConfig settings(
      Path folder, Path encoder, Pooling pooling, boolean normalize) {
    int longest =
        optional(encoder.resolve("sentence_bert_config.json"))
            .path("max_seq_length")
            .asInt(DEFAULT_LENGTH);
    JsonNode prompts =
        optional(folder.resolve("config_sentence_transformers.json")).path("prompts");
    String passage = prompts.path("passage").asString(prompts.path("document").asString(""));
    return new RetrieverConfig(
        pooling,
        normalize,
        Math.min(QUERY_LENGTH, longest),
        longest,
        true,
        prompts.path("query").asString(""),
        passage);
  }

  /** Version 5.1 and later name the mode; before, one flag of many is true. */
  private static Pooling pooling(Path file) {
    JsonNode config = json(file);
    List<String> modes = new ArrayList<>();
    if (config.path("pooling_mode").isString()) {
      modes.add(config.path("pooling_mode").asString());
    }
    config
        .properties()
        .forEach(flag -> {
          if (flag.getKey().startsWith("pooling_mode_") && flag.getValue().asBoolean(false)) {
            modes.add(flag.getKey().substring("pooling_mode_".length()));
          }
        });
    return switch (String.join(" and ", modes)) {
      case "cls", "cls_token" -> Pooling.CLS;
      case "mean", "mean_tokens" -> Pooling.MEAN;
      default -> throw InputException.in(file, "pools by " + modes + "; expected cls or mean");
    };
  }

  private static JsonNode optional(Path file) {
    return Files.exists(file) ? json(file) : JSON.createObjectNode();
  }

  private static JsonNode json(Path file) {
    if (!Files.exists(file)) {
      throw InputException.in(file, "no such file; modules.json names it");
    }
    try {
      return JSON.readTree(file);
    } catch (JacksonException e) {
      throw InputException.in(file, "not JSON: " + e.getOriginalMessage(), e);
    }
  }
}
