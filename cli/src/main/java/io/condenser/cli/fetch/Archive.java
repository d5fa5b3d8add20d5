package io.condenser.cli.fetch;

import io.condenser.storage.InputException;
import io.condenser.storage.Replacement;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * A packed file. {@code x.tar.gz}, {@code x.tgz}, {@code x.tar} and {@code x.zip} unpack into a
 * folder {@code x} beside them, {@code x.tsv.gz} into {@code x.tsv}. The target is replaced when
 * all of it is unpacked. An archive that names a file outside of its folder, or a link, is refused.
 *
 * @param target what it unpacks into
 */
record Archive(Path file, Kind kind, Path target) {
  /** In a folder that was unpacked; it holds the archive's name. */
  private static final String MARK = ".unpacked";

  /** Told by the name's ending. */
  enum Kind {
    TAR_GZ(".tar.gz"),
    TGZ(".tgz"),
    TAR(".tar"),
    ZIP(".zip"),
    GZ(".gz"); // after those that it ends

    private final String ending;

    Kind(String ending) {
      this.ending = ending;
    }
  }

  /** The archive that a file is by its name; empty if it is none. */
  static Optional<Archive> of(Path file) {
    String name = file.getFileName().toString();
    return Stream.of(Kind.values())
        .filter(kind -> name.toLowerCase(Locale.ROOT).endsWith(kind.ending))
        .filter(kind -> name.length() > kind.ending.length())
        .findFirst()
        .map(kind -> {
          String bare = name.substring(0, name.length() - kind.ending.length());
          return new Archive(file, kind, file.resolveSibling(bare));
        });
  }

  /** Whether its target is there, and was not made of an older archive of that name. */
  boolean isUnpacked() throws IOException {
    return Files.exists(target)
        && Files.getLastModifiedTime(target).compareTo(Files.getLastModifiedTime(file)) >= 0;
  }

  /** Unpacks all of it. */
  void unpack() throws IOException {
    if (kind == Kind.GZ) {
      Replacement.file(target, this::inflate);
      return;
    }
    requireOwn();
    Replacement.directory(
        target,
        aside -> {
          if (kind == Kind.ZIP) {
            unzip(aside);
          } else {
            untar(aside);
          }
          Files.writeString(aside.resolve(MARK), file.getFileName() + "\n");
        });
  }

  /** Refuses to replace a folder that no archive was unpacked into. */
  private void requireOwn() throws IOException {
    if (!Files.isDirectory(target) || Files.exists(target.resolve(MARK))) {
      return;
    }
    try (Stream<Path> content = Files.list(target)) {
      if (content.findAny().isPresent()) {
        throw InputException.in(
            target,
            "holds files that %s was not seen to bring, and would be replaced; move it away"
                .formatted(file.getFileName()));
      }
    }
  }

  private void inflate(Path aside) throws IOException {
    try (InputStream in = gunzipped()) {
      Files.copy(in, aside);
    } catch (ZipException | EOFException e) {
      throw damaged(e);
    }
  }

  private InputStream gunzipped() throws IOException {
    InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    try {
      return new GZIPInputStream(raw, 1 << 16);
    } catch (IOException e) {
      raw.close();
      throw e;
    }
  }

  private void untar(Path folder) throws IOException {
    try (InputStream raw =
            kind == Kind.TAR ? new BufferedInputStream(Files.newInputStream(file)) : gunzipped();
        TarArchiveInputStream tar = new TarArchiveInputStream(raw, "UTF-8")) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.isDirectory()) {
          Files.createDirectories(inside(folder, entry.getName()));
        } else if (entry.isFile() && !entry.isLink() && !entry.isSymbolicLink()) {
          write(tar, inside(folder, entry.getName()));
        } else {
          throw InputException.in(
              file,
              "holds '%s', which is a link or a device; unpack it yourself if you trust it"
                  .formatted(entry.getName()));
        }
      }
    } catch (ZipException | EOFException e) {
      throw damaged(e);
    }
  }

  private void unzip(Path folder) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        Path path = inside(folder, entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(path);
        } else {
          try (InputStream in = zip.getInputStream(entry)) {
            write(in, path);
          }
        }
      }
    } catch (ZipException | EOFException e) {
      throw damaged(e);
    }
  }

  private static void write(InputStream in, Path path) throws IOException {
    Files.createDirectories(path.getParent());
    Files.copy(in, path);
  }

  private Path inside(Path folder, String name) {
    try {
      Path path = folder.resolve(name).normalize();
      if (path.startsWith(folder.normalize()) && !Path.of(name).isAbsolute()) {
        return path;
      }
    } catch (InvalidPathException e) {
      throw InputException.in(file, "holds '%s', which cannot be a file's name".formatted(name), e);
    }
    throw InputException.in(
        file,
        "holds '%s', which would lie outside of %s; it is not to be trusted"
            .formatted(name, target));
  }

  private InputException damaged(IOException e) {
    return InputException.in(
        file, "cannot be unpacked: %s; delete it and fetch it again".formatted(e.getMessage()), e);
  }
}
