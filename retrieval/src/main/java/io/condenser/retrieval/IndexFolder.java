package io.condenser.retrieval;

import io.condenser.storage.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A folder with all that searching a corpus takes but the model: {@code bm25}, a BM25 index that
 * also keeps the passages; {@code embeddings}, where there is a model; {@code index.json}, which
 * says where the model is, seen from the folder.
 */
public final class IndexFolder {
  /** The file by which such a folder is known. */
  public static final String FILE = "index.json";

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private record Content(@Nullable String model) {}

  private IndexFolder() {}

  /** Where its BM25 index is. */
  public static Path bm25(Path index) {
    return index.resolve("bm25");
  }

  /** Where its embeddings are. */
  public static Path embeddings(Path index) {
    return index.resolve("embeddings");
  }

  /**
   * The model whose embeddings it holds, or null if it holds none.
   *
   * @throws InputException if the folder is no index
   */
  public static @Nullable Path model(Path index) {
    Path file = index.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      throw InputException.in(index, "not an index: it has no " + FILE + "; 'index' writes one");
    }
    try {
      String model = JSON.readValue(file, Content.class).model();
      return model == null ? null : index.resolve(model).normalize();
    } catch (JacksonException e) {
      throw InputException.in(file, "cannot be read: " + e.getOriginalMessage(), e);
    }
  }

  /**
   * Says where the model is.
   *
   * @param folder to write to
   * @param index where that folder will stand
   * @param model null if there are no embeddings
   */
  public static void describe(Path folder, Path index, @Nullable Path model) throws IOException {
    String relative =
        model == null
            ? null
            : index
                .toAbsolutePath()
                .normalize()
                .relativize(model.toAbsolutePath().normalize())
                .toString()
                .replace('\\', '/');
    Files.writeString(folder.resolve(FILE), JSON.writeValueAsString(new Content(relative)) + "\n");
  }
}
