package io.condenser.cli;

import io.condenser.storage.InputException;
import io.condenser.storage.Replacement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Where a stage writes: outputs are replaced whole, so nothing else that is dear may lie there. */
final class Targets {
  private Targets() {}

  /**
   * Refuses a stage that would replace what it reads, the current folder, or a folder of another
   * making.
   */
  static void check(Stage stage) throws IOException {
    for (Path output : stage.outputs()) {
      Path target = real(output);
      for (Path input : stage.inputs()) {
        if (real(input).startsWith(target)) {
          throw InputException.in(
              output,
              real(input).equals(target)
                  ? "would be replaced while it is read; write to another path"
                  : "would be replaced, but holds %s; write to another path".formatted(input));
        }
      }
      if (Files.isDirectory(output) && real(Path.of("")).startsWith(target)) {
        throw InputException.in(
            output, "would be replaced, but is the current folder or holds it; write elsewhere");
      }
      if (stage.writesFiles()) {
        Replacement.requireNoFolder(output);
      }
      String mark = stage.foldersMark();
      if (mark != null) {
        checkFolder(output, mark);
      }
    }
  }

  private static void checkFolder(Path folder, String mark) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    if (!Files.isDirectory(folder)) {
      throw InputException.in(folder, "is a file; expected a folder to write");
    }
    try (Stream<Path> content = Files.list(folder)) {
      if (content.findAny().isPresent() && !Files.exists(folder.resolve(mark))) {
        throw InputException.in(
            folder,
            "holds files but no %s, and would be replaced; write to another folder"
                .formatted(mark));
      }
    }
  }

  /** The path without links and detours, as far as it exists. */
  private static Path real(Path path) throws IOException {
    Path absolute = path.toAbsolutePath().normalize();
    if (Files.exists(absolute)) {
      return absolute.toRealPath();
    }
    Path parent = absolute.getParent();
    return parent == null ? absolute : real(parent).resolve(absolute.getFileName());
  }
}
