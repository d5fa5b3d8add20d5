package io.condenser.cli.retrieval;

import io.condenser.storage.Replacement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A folder for what a command needs while it runs. It lies beside the command's output, on the disk
 * that the user chose, under a name of its own: what a killed run left goes when the next begins.
 */
record ScratchFolder(Path path) implements AutoCloseable {
  /** An empty folder; among the system's temporary ones where the command writes no file. */
  static ScratchFolder beside(@Nullable Path output) throws IOException {
    if (output == null) {
      return new ScratchFolder(Files.createTempDirectory("condenser"));
    }
    Path folder =
        output
            .toAbsolutePath()
            .resolveSibling(output.getFileName() + ".scratch" + Replacement.UNFINISHED);
    Replacement.deleteTree(folder);
    return new ScratchFolder(Files.createDirectories(folder));
  }

  @Override
  public void close() throws IOException {
    Replacement.deleteTree(path);
  }
}
