package io.condenser.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.stream.Stream;

/**
 * Puts a finished file or folder in the place of an old one: written aside, synced, renamed.
 * Whoever reads the target sees the old content or the new, never half of it; if writing fails (a
 * full disk, say), what stood there stays.
 */
public final class Replacement {
  /**
   * Marks what is being written; such names are never read and may be deleted when nothing runs.
   */
  public static final String UNFINISHED = ".unfinished";

  private static final String REPLACED = ".replaced";

  private Replacement() {}

  /** Writes the new content to the path it is given. */
  @FunctionalInterface
  public interface Writer {
    void write(Path aside) throws IOException;
  }

  /**
   * Replaces {@code target}, a file, with what {@code writer} writes. Creates its folder.
   *
   * @throws InputException if a folder stands there
   */
  public static void file(Path target, Writer writer) {
    requireNoFolder(target);
    replace(target, writer);
  }

  /**
   * Replaces {@code target}, a folder, with the files that {@code writer} writes into the empty
   * folder it is given. Creates its parent.
   */
  public static void directory(Path target, Writer writer) {
    replace(
        target,
        aside -> {
          Files.createDirectory(aside);
          writer.write(aside);
        });
  }

  /**
   * Replaces {@code target}, a file, with one that is finished and lies in the same folder. A
   * symbolic link is replaced itself: what it leads to may lie on another disk.
   *
   * @throws InputException if a folder stands there
   */
  public static void byFinished(Path target, Path finished) {
    requireNoFolder(target);
    Path absolute = target.toAbsolutePath();
    try {
      sync(finished);
      move(finished, absolute);
      sync(java.util.Objects.requireNonNull(absolute.getParent(), "cannot replace a root"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + target + ": " + reason(e), e);
    }
  }

  /** Refuses a folder where a file is to be written: it would be lost with all it holds. */
  public static void requireNoFolder(Path target) {
    if (Files.isDirectory(target)) {
      throw InputException.in(target, "is a folder; expected a file to write");
    }
  }

  private static void replace(Path target, Writer writer) {
    Path absolute = resolved(target);
    Path parent = java.util.Objects.requireNonNull(absolute.getParent(), "cannot replace a root");
    Path aside = absolute.resolveSibling(absolute.getFileName() + UNFINISHED);
    Path old = absolute.resolveSibling(absolute.getFileName() + REPLACED);
    try {
      Files.createDirectories(parent);
      deleteTree(aside);
      try {
        writer.write(aside);
        syncTree(aside);
      } catch (IOException | RuntimeException | Error e) {
        deleteAfter(e, aside);
        throw e;
      }
      if (Files.isDirectory(absolute)) {
        deleteTree(old);
        move(absolute, old);
      }
      move(aside, absolute);
      sync(parent);
      deleteTree(old);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + target + ": " + reason(e), e);
    }
  }

  /** Where a symbolic link leads, so that it stays one. */
  private static Path resolved(Path target) {
    try {
      return Files.isSymbolicLink(target) ? target.toRealPath() : target.toAbsolutePath();
    } catch (IOException e) {
      return target.toAbsolutePath(); // it leads nowhere, and is replaced
    }
  }

  /** What to tell the user of a failed write: the system's reason if it gave one. */
  private static String reason(IOException e) {
    if (e instanceof FileSystemException f && f.getReason() != null) {
      return f.getReason();
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /** Deletes a file or a folder with all it holds; does nothing where there is none. */
  public static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path directory, @org.jspecify.annotations.Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /**
   * Deletes what is no longer needed, a file or a folder. It leaves its place first, so that nobody
   * takes the rest of a folder for the whole if this is cut short.
   */
  public static void discard(Path target) {
    Path old = target.resolveSibling(target.getFileName() + REPLACED);
    try {
      if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
        deleteTree(old);
        move(target, old);
      }
      deleteTree(old);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + target + ": " + reason(e), e);
    }
  }

  private static void deleteAfter(Throwable failure, Path aside) {
    try {
      deleteTree(aside);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException("the file system cannot rename " + from + " atomically", e);
    }
  }

  private static void syncTree(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        sync(path);
      }
    }
  }

  private static void sync(Path path) throws IOException {
    boolean folder = Files.isDirectory(path);
    if (folder && System.getProperty("os.name", "").startsWith("Windows")) {
      return; // a folder cannot be opened there, and its entries are written through
    }
    try (FileChannel channel =
        FileChannel.open(path, folder ? StandardOpenOption.READ : StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }
}
