package io.condenser.cli.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileFingerprintsTest {
  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init")
  private Path weights;

  @BeforeEach
  void makeModel() throws IOException {
    weights = Files.createDirectory(folder.resolve("model")).resolve("weights");
    Files.writeString(weights, "first");
  }

  private FileFingerprints fingerprints() {
    return new FileFingerprints(folder.resolve("memory"));
  }

  @Test
  void aLinkToAFolderHasWhatTheFolderHas() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("model"));
    Path outer = Files.createDirectory(folder.resolve("outer"));
    Files.createSymbolicLink(outer.resolve("inner"), folder.resolve("model"));
    String linked = fingerprints().of(link);
    String inner = fingerprints().of(outer);
    assertThat(linked).isEqualTo(fingerprints().of(folder.resolve("model")));

    Files.writeString(weights, "second time");

    assertThat(fingerprints().of(link)).isNotEqualTo(linked);
    assertThat(fingerprints().of(outer)).isNotEqualTo(inner);
  }

  @Test
  void whatHasItsSizeAndTimeIsNotReadAgain() throws IOException {
    FileFingerprints first = fingerprints();
    String known = first.of(weights);
    first.remember();
    FileTime time = Files.getLastModifiedTime(weights);

    Files.writeString(weights, "other"); // as long
    Files.setLastModifiedTime(weights, time);
    assertThat(fingerprints().of(weights)).isEqualTo(known);

    Files.setLastModifiedTime(weights, FileTime.fromMillis(time.toMillis() + 1000));
    assertThat(fingerprints().of(weights)).isNotEqualTo(known);
  }

  @Test
  void aNameCountsAndAMissingFileIsOneAnswer() throws IOException {
    String before = fingerprints().of(folder.resolve("model"));
    Files.move(weights, weights.resolveSibling("renamed"));
    assertThat(fingerprints().of(folder.resolve("model"))).isNotEqualTo(before);
    assertThat(fingerprints().of(weights)).isEqualTo(fingerprints().of(folder.resolve("nothing")));
  }
}
