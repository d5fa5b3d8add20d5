package io.condenser.cli.fetch;

import io.condenser.storage.InputException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A download under way: {@code NAME.part} holds the bytes that have come, {@code NAME.part.version}
 * what the server calls the file that they are of.
 */
record PartialFile(Path file, Path version) {
  static PartialFile beside(Path target) {
    return new PartialFile(
        target.resolveSibling(target.getFileName() + ".part"),
        target.resolveSibling(target.getFileName() + ".part.version"));
  }

  /**
   * Keeps other processes from it until the channel is closed.
   *
   * @throws InputException if another process has it
   */
  FileChannel lock() throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    FileChannel channel =
        FileChannel.open(version, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // by another thread of this process
    }
    channel.close();
    throw InputException.in(file, "another process fetches it; wait for it");
  }

  /** Bytes that have come so far. */
  long size() throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }

  /** The validator (ETag or date) of what has come; empty if there is nothing to go on from. */
  Optional<String> validator() throws IOException {
    return size() == 0 || !Files.exists(version)
        ? Optional.empty()
        : Optional.of(Files.readString(version).strip()).filter(text -> !text.isEmpty());
  }

  /** Starts again with no bytes, of the file that the server calls this. */
  void begin(Optional<String> validator) throws IOException {
    Files.newByteChannel(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)
        .close();
    Files.writeString(version, validator.orElse("") + "\n");
  }

  OutputStream append() throws IOException {
    return Files.newOutputStream(file, StandardOpenOption.APPEND);
  }

  void delete() throws IOException {
    Files.deleteIfExists(version);
    Files.deleteIfExists(file);
  }
}
