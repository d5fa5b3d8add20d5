package io.condenser.cli.fetch;

import io.condenser.storage.InputException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A download under way: {@code NAME.part} holds the bytes that have come, {@code NAME.part.version}
 * what the server calls the file that they are of. The latter is locked, which keeps other
 * processes away; it is read and written by one channel alone, since closing any other of the same
 * file would end the lock.
 */
final class PartialFile implements AutoCloseable {
  private static final int LONGEST_VALIDATOR = 8192;

  private final Path file;
  private final Path version;
  private final FileChannel locked;

  private PartialFile(Path file, Path version, FileChannel locked) {
    this.file = file;
    this.version = version;
    this.locked = locked;
  }

  /**
   * Takes the download of a file, until it is closed.
   *
   * @throws InputException if another process has it
   */
  static PartialFile take(Path target) throws IOException {
    Path file = target.resolveSibling(target.getFileName() + ".part");
    Path version = target.resolveSibling(target.getFileName() + ".part.version");
    Files.createDirectories(file.toAbsolutePath().getParent());
    FileChannel channel =
        FileChannel.open(
            version, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return new PartialFile(file, version, channel);
      }
    } catch (OverlappingFileLockException e) {
      // by another thread of this process
    }
    channel.close();
    throw InputException.in(file, "another process fetches it; wait for it");
  }

  /** Where the bytes lie that have come. */
  Path file() {
    return file;
  }

  /** Bytes that have come so far. */
  long size() throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }

  /** The validator (ETag or date) of what has come; empty if there is nothing to go on from. */
  Optional<String> validator() throws IOException {
    if (size() == 0) {
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.allocate(LONGEST_VALIDATOR);
    while (bytes.hasRemaining() && locked.read(bytes, bytes.position()) >= 0) {}
    String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8).strip();
    return Optional.of(text).filter(t -> !t.isEmpty());
  }

  /** Starts again with no bytes, of the file that the server calls this. */
  void begin(Optional<String> validator) throws IOException {
    Files.newByteChannel(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)
        .close();
    locked.truncate(0);
    ByteBuffer bytes =
        ByteBuffer.wrap((validator.orElse("") + "\n").getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      locked.write(bytes, bytes.position());
    }
  }

  OutputStream append() throws IOException {
    return Files.newOutputStream(file, StandardOpenOption.APPEND);
  }

  void delete() throws IOException {
    Files.deleteIfExists(version);
    Files.deleteIfExists(file);
  }

  @Override
  public void close() throws IOException {
    locked.close();
  }
}
