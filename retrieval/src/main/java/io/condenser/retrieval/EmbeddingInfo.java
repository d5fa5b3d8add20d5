package io.condenser.retrieval;

import io.condenser.storage.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an embedding folder says of itself: {@code embeddings.json}.
 *
 * @param model fingerprint of the model that made the vectors
 * @param dimension H
 * @param count N, the number of vectors
 * @param shards number of safetensors files
 */
record EmbeddingInfo(String model, int dimension, int count, int shards) {
  static final String FILE = "embeddings.json";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  static EmbeddingInfo read(Path directory) {
    Path file = directory.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      throw InputException.in(
          directory, "not an embedding folder: it has no " + FILE + "; 'encode' writes one");
    }
    try {
      return JSON.readValue(file, EmbeddingInfo.class);
    } catch (JacksonException e) {
      throw InputException.in(file, "cannot be read: " + e.getOriginalMessage(), e);
    }
  }

  void write(Path directory) throws IOException {
    Files.writeString(
        directory.resolve(FILE), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this));
  }

  /** The name of a shard's file, as Hugging Face names shards. */
  String shard(int index) {
    return shards == 1
        ? "embeddings.safetensors"
        : "embeddings-%05d-of-%05d.safetensors".formatted(index, shards);
  }
}
