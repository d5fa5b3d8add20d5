package io.condenser.cli.recipe;

import io.condenser.storage.Fingerprint;
import io.condenser.storage.Replacement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Fingerprints of files' contents, remembered by size and time of change, so that a big corpus is
 * read once and not at every run.
 */
final class FileFingerprints {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String ABSENT = "absent";

  private final Path memory;
  private final Map<String, Known> known;

  /** What a file was when its content was read. */
  record Known(long size, long changedNanos, String content) {}

  /** Fingerprints remembered in a file; a missing or damaged memory is an empty one. */
  FileFingerprints(Path memory) {
    this.memory = memory;
    this.known = recall(memory);
  }

  private static Map<String, Known> recall(Path memory) {
    if (Files.exists(memory)) {
      try {
        return JSON.readValue(memory, new TypeReference<TreeMap<String, Known>>() {});
      } catch (JacksonException e) {
        return new TreeMap<>(); // it only saves time
      }
    }
    return new TreeMap<>();
  }

  /** The fingerprint of a file, or of all files of a folder with their names. */
  String of(Path path) {
    try {
      if (!Files.exists(path)) {
        return ABSENT;
      }
      if (!Files.isDirectory(path)) {
        return file(path);
      }
      Fingerprint all = new Fingerprint();
      for (Path file : files(path)) {
        all.add(path.relativize(file).toString(), file(file));
      }
      return all.hex();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path + ": " + e.getMessage(), e);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !file.toString().contains(Replacement.UNFINISHED))
          .sorted()
          .toList();
    }
  }

  private String file(Path path) throws IOException {
    BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
    long changed = now.lastModifiedTime().to(TimeUnit.NANOSECONDS);
    String key = path.toAbsolutePath().normalize().toString();
    Known then = known.get(key);
    if (then != null && then.size() == now.size() && then.changedNanos() == changed) {
      return then.content();
    }
    String content = new Fingerprint().add("content", path).hex();
    known.put(key, new Known(now.size(), changed, content));
    return content;
  }

  /** Keeps what is known for the next run; forgets files that are gone. */
  void remember() {
    known.keySet().removeIf(key -> !Files.exists(Path.of(key)));
    Replacement.file(memory, aside -> JSON.writeValue(aside, known));
  }
}
