package io.condenser.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FingerprintTest {
  @TempDir private Path folder;

  private static String of(Path path) {
    return new Fingerprint().add("model", path).hex();
  }

  @Test
  void aFolderIsItsFilesWhereverALinkStandsForIt() throws IOException {
    Path model = Files.createDirectories(folder.resolve("model/query"));
    Files.writeString(model.resolve("config.json"), "{}");
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("model"));
    Path parts = Files.createDirectory(folder.resolve("parts"));
    Files.createSymbolicLink(parts.resolve("query"), model);
    String whole = of(folder.resolve("model"));
    assertThat(of(link)).isEqualTo(whole);
    assertThat(of(parts)).isEqualTo(whole);
    Files.writeString(model.resolve("config.json"), "{ }");
    assertThat(of(link)).isNotEqualTo(whole).isEqualTo(of(folder.resolve("model")));
  }

  @Test
  void partsDoNotRunIntoEachOther() {
    assertThat(new Fingerprint().add("a", "bc").hex())
        .isNotEqualTo(new Fingerprint().add("ab", "c").hex())
        .isNotEqualTo(new Fingerprint().add("a", "b").add("", "c").hex());
  }
}
