package io.condenser.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eu.maveniverse.maven.mima.context.ContextOverrides;
import io.condenser.storage.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.aether.repository.RemoteRepository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against repositories that are folders: no network, and nothing of the user's settings. */
class MavenArtifactsTest {
  @TempDir Path folder;
  private final RecordingConsole console = new RecordingConsole();

  @Test
  void aJarInTheLocalRepositoryNeedsNoOtherOne() throws IOException {
    Path jar = put("local", "1.0", "a jar");
    try (MavenArtifacts maven = open(true)) {
      assertThat(maven.jar("org.example:thing:1.0")).isEqualTo(jar);
    }
    assertThat(console.remarks).isEmpty();
  }

  @Test
  void aMissingJarIsDownloadedAndAnnounced() throws IOException {
    Path jar = put("remote", "1.0", "a jar");
    String sha1 = "f19a57f67e570fa19754b1d59f4574a511a06423";
    Files.writeString(jar.resolveSibling("thing-1.0.jar.sha1"), sha1);
    try (MavenArtifacts maven = open(false)) {
      Path here = maven.jar("org.example:thing:1.0");
      assertThat(here).startsWith(folder.resolve("local")).hasContent("a jar");
    }
    assertThat(console.remarks).containsExactly("downloading thing-1.0.jar (0.0 MB)");
  }

  @Test
  void aClassifierNamesAnotherJarOfTheSameArtifact() throws IOException {
    Path jar = put("local", "1.0", "-sources", "the sources");
    try (MavenArtifacts maven = open(true)) {
      assertThat(maven.jar("org.example:thing:1.0:sources")).isEqualTo(jar);
    }
  }

  @Test
  void offlineIsSaidToBeTheReason() throws IOException {
    put("remote", "1.0", "a jar");
    try (MavenArtifacts maven = open(true)) {
      assertThatThrownBy(() -> maven.jar("org.example:thing:1.0"))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("org.example:thing:jar:1.0")
          .hasMessageContaining("offline");
    }
  }

  @Test
  void anUnknownVersionIsNamed() {
    try (MavenArtifacts maven = open(false)) {
      assertThatThrownBy(() -> maven.jar("org.example:thing:2.0"))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("org.example:thing:jar:2.0")
          .hasMessageContaining("check the coordinates");
    }
  }

  @Test
  void malformedCoordinatesAreRefused() {
    try (MavenArtifacts maven = open(true)) {
      assertThatThrownBy(() -> maven.jar("org.example:thing"))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("'org.example:thing'")
          .hasMessageContaining("GROUP:ARTIFACT:VERSION");
    }
  }

  private Path put(String repository, String version, String content) throws IOException {
    return put(repository, version, "", content);
  }

  private Path put(String repository, String version, String suffix, String content)
      throws IOException {
    String name = "org/example/thing/%s/thing-%s%s.jar".formatted(version, version, suffix);
    Path jar = folder.resolve(repository).resolve(name);
    Files.createDirectories(jar.getParent());
    return Files.writeString(jar, content);
  }

  private MavenArtifacts open(boolean offline) {
    String url = folder.resolve("remote").toUri().toString();
    RemoteRepository remote = new RemoteRepository.Builder("remote", "default", url).build();
    return MavenArtifacts.open(
        console,
        ContextOverrides.create()
            .withUserSettings(false)
            .withLocalRepositoryOverride(folder.resolve("local"))
            .repositories(List.of(remote))
            .addRepositoriesOp(ContextOverrides.AddRepositoriesOp.REPLACE)
            .offline(offline));
  }
}
