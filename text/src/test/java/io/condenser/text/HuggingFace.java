package io.condenser.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** Hugging Face's own tokenizer, through JNI: what ours must agree with. */
final class HuggingFace implements AutoCloseable {
  private final HuggingFaceTokenizer tokenizer;

  /** Loads {@code tokenizer.json} of a folder. */
  HuggingFace(Path directory) throws IOException {
    tokenizer =
        HuggingFaceTokenizer.newInstance(
            directory.resolve("tokenizer.json"),
            Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false"));
  }

  int[] encode(String text) {
    return Arrays.stream(tokenizer.encode(text).getIds()).mapToInt(Math::toIntExact).toArray();
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
