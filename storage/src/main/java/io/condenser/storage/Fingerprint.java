package io.condenser.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * SHA-256 over named parts, as 64 hexadecimal digits. Each part is preceded by its name and length,
 * so that no two sequences of parts run into each other.
 */
public final class Fingerprint {
  private final MessageDigest digest;

  public Fingerprint() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JVM has SHA-256", e);
    }
  }

  /** Adds a text. */
  public Fingerprint add(String name, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    header(name, bytes.length);
    digest.update(bytes);
    return this;
  }

  /** Adds the content of a file, or of every file of a folder with its relative path, sorted. */
  public Fingerprint add(String name, Path path) {
    try {
      if (Files.isDirectory(path)) {
        List<Path> files;
        try (Stream<Path> all = Files.walk(path, FileVisitOption.FOLLOW_LINKS)) {
          files = all.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
          addFile(name + "/" + path.relativize(file).toString().replace('\\', '/'), file);
        }
      } else {
        addFile(name, path);
      }
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path + ": " + e.getMessage(), e);
    }
  }

  /** The digest of all that was added; the fingerprint starts anew. */
  public String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }

  private void addFile(String name, Path file) throws IOException {
    header(name, Files.size(file));
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
  }

  private void header(String name, long length) {
    digest.update((name + '\0' + length + '\0').getBytes(StandardCharsets.UTF_8));
  }
}
