package io.condenser.cli.fetch;

import io.condenser.cli.Nearest;
import io.condenser.storage.InputException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A file to be downloaded.
 *
 * @param url http or https
 * @param name of the file here
 * @param bytes its size, or {@link #UNKNOWN}
 * @param checksums of its content; none checks nothing
 */
record Download(URI url, String name, long bytes, List<Checksum> checksums) {
  static final long UNKNOWN = -1;

  private static final String USAGE = "URL [sha256=HEX] [md5=HEX] [bytes=N] [as=NAME]";
  private static final Pattern BLANKS = Pattern.compile("\\s+");
  private static final List<String> KEYS = List.of("sha256", "md5", "bytes", "as");

  Download {
    checksums = List.copyOf(checksums);
    if (!name.matches("[^/\\\\\\p{Cntrl}]+") || name.equals(".") || name.equals("..")) {
      throw new InputException(
          "%s: '%s' cannot be a file's name; give one with as=NAME".formatted(url, name));
    }
  }

  /**
   * Reads {@code URL [sha256=HEX] [md5=HEX] [bytes=N] [as=NAME]}. Without a name the file is called
   * as the last part of the URL's path.
   */
  static Download parse(String text) {
    List<String> words = BLANKS.splitAsStream(text.strip()).toList();
    URI url = url(words.getFirst());
    String path = url.getPath();
    String name = path.substring(path.lastIndexOf('/') + 1);
    long bytes = UNKNOWN;
    List<Checksum> checksums = new ArrayList<>();
    for (String word : words.subList(1, words.size())) {
      String key = word.replaceFirst("=.*", "");
      String value = word.substring(Math.min(word.length(), key.length() + 1));
      switch (key) {
        case "sha256" -> checksums.add(new Checksum(Checksum.Kind.SHA256, value));
        case "md5" -> checksums.add(new Checksum(Checksum.Kind.MD5, value));
        case "bytes" -> bytes = number(value);
        case "as" -> name = value;
        default ->
            throw new InputException(
                "'%s' behind %s%s; expected %s"
                    .formatted(word, url, Nearest.hint(key, KEYS), USAGE));
      }
    }
    return new Download(url, name, bytes, checksums);
  }

  private static URI url(String text) {
    try {
      URI url = new URI(text);
      if (("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
          && url.getHost() != null) {
        return url;
      }
    } catch (URISyntaxException e) {
      throw new InputException("'%s' is no URL: %s".formatted(text, e.getReason()), e);
    }
    throw new InputException("'%s' is no URL of http or https; expected %s".formatted(text, USAGE));
  }

  private static long number(String text) {
    if (!text.matches("\\d{1,18}")) {
      throw new InputException("bytes is '%s'; expected a whole number".formatted(text));
    }
    return Long.parseLong(text);
  }

  /** What a file has that this one has not, in words; empty if it is this one for all we know. */
  Optional<String> mismatch(Path file) throws IOException {
    long size = Files.size(file);
    if (bytes != UNKNOWN && size != bytes) {
      return Optional.of("%,d bytes, expected %,d".formatted(size, bytes));
    }
    for (Checksum expected : checksums) {
      Checksum found = Checksum.of(expected.kind(), file);
      if (!found.equals(expected)) {
        return Optional.of(found + ", expected " + expected.hex());
      }
    }
    return Optional.empty();
  }
}
