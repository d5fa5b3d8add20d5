package io.condenser.cli;

import io.condenser.storage.InputException;
import io.condenser.storage.Replacement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where a stage writes: outputs are replaced whole, so nothing else that is dear may lie there. */
final class Targets {
  private Targets() {}

  /**
   * Refuses a stage that would replace what it reads, the current folder, or a folder of another
   * making.
   */
  static void check(Stage stage) throws IOException {
    for (Path folder : stage.unfinished()) {
      refuseInputs(stage, folder);
    }
    for (Path output : stage.outputs()) {
      Path target = refuseInputs(stage, output);
      if (Files.isDirectory(output) && real(Path.of("")).startsWith(target)) {
        throw InputException.in(
            output, "would be replaced, but is the current folder or holds it; write elsewhere");
      }
      if (stage.writesFiles()) {
        Replacement.requireNoFolder(output);
      }
      if (!stage.foldersMarks().isEmpty()) {
        checkFolder(output, stage.foldersMarks());
      }
    }
  }

  private static Path refuseInputs(Stage stage, Path output) throws IOException {
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
    return target;
  }

  private static void checkFolder(Path folder, List<String> marks) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    if (!Files.isDirectory(folder)) {
      throw InputException.in(folder, "is a file; expected a folder to write");
    }
    try (Stream<Path> content = Files.list(folder)) {
      if (content.findAny().isPresent()
          && marks.stream().noneMatch(mark -> Files.exists(folder.resolve(mark)))) {
        throw InputException.in(
            folder,
            "holds files but no %s, and would be replaced; write to another folder"
                .formatted(String.join(" or ", marks)));
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
