package io.condenser.cli.fetch;

import io.condenser.storage.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The checksum of a whole file.
 *
 * @param hex lower-case hexadecimal digits
 */
record Checksum(Kind kind, String hex) {

  /** How it is computed. MD5 is there because much of the field's data is published with it. */
  enum Kind {
    SHA256("SHA-256", 64),
    MD5("MD5", 32);

    private final String algorithm;
    private final int digits;

    Kind(String algorithm, int digits) {
      this.algorithm = algorithm;
      this.digits = digits;
    }

    /** As users write it. */
    String spelled() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  Checksum {
    hex = hex.toLowerCase(Locale.ROOT);
    if (!hex.matches("[0-9a-f]{" + kind.digits + "}")) {
      throw new InputException(
          "%s is '%s'; expected %d hexadecimal digits".formatted(kind.spelled(), hex, kind.digits));
    }
  }

  /** The checksum of a file's content. */
  static Checksum of(Kind kind, Path file) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance(kind.algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JVM has " + kind.algorithm, e);
    }
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return new Checksum(kind, HexFormat.of().formatHex(digest.digest()));
  }

  @Override
  public String toString() {
    return kind.spelled() + " " + hex;
  }
}
