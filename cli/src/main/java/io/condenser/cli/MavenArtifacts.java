package io.condenser.cli;

import eu.maveniverse.maven.mima.context.Context;
import eu.maveniverse.maven.mima.context.ContextOverrides;
import eu.maveniverse.maven.mima.context.Runtimes;
import io.condenser.storage.InputException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.repository.LocalRepositoryManager;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.eclipse.aether.transfer.AbstractTransferListener;
import org.eclipse.aether.transfer.TransferEvent;
import org.jspecify.annotations.Nullable;

/**
 * Jars by their Maven coordinates, through Maven's own resolver: it obeys the user's {@code
 * settings.xml} (mirrors, proxies, credentials, offline) and keeps jars in the user's local
 * repository, where they are found again without a network. Only the jar itself is resolved, none
 * of its dependencies.
 */
public final class MavenArtifacts implements AutoCloseable {
  private static final Pattern COORDINATES =
      Pattern.compile("[\\w.-]+:[\\w.-]+:[\\w.+-]+(:[\\w.-]+)?");

  private final Context maven;

  private MavenArtifacts(Context maven) {
    this.maven = maven;
  }

  /** Reads the user's Maven settings; downloads will be announced on {@code console}. */
  public static MavenArtifacts open(Console console) {
    // Without "always", a jar that was missing once is not looked for again for a day.
    return open(
        console,
        ContextOverrides.create()
            .withUserSettings(true)
            .snapshotUpdatePolicy(ContextOverrides.SnapshotUpdatePolicy.ALWAYS));
  }

  static MavenArtifacts open(Console console, ContextOverrides.Builder overrides) {
    ContextOverrides settings = overrides.transferListener(new Announcer(console)).build();
    return new MavenArtifacts(Runtimes.INSTANCE.getRuntime().create(settings));
  }

  /**
   * The local file of an artifact, downloaded if it is not there yet.
   *
   * @param coordinates {@code GROUP:ARTIFACT:VERSION} or {@code GROUP:ARTIFACT:VERSION:CLASSIFIER}
   *     (e.g. {@code sources})
   * @throws InputException if the coordinates are malformed, or no repository has the jar or can be
   *     reached
   */
  public Path jar(String coordinates) {
    if (!COORDINATES.matcher(coordinates).matches()) {
      throw new InputException(
          "'%s' are not Maven coordinates; expected GROUP:ARTIFACT:VERSION or GROUP:ARTIFACT:VERSION:CLASSIFIER"
              .formatted(coordinates));
    }
    String[] parts = coordinates.split(":", -1);
    String classifier = parts.length > 3 ? parts[3] : "";
    Artifact artifact = new DefaultArtifact(parts[0], parts[1], classifier, "jar", parts[2]);
    Path present = localFile(artifact);
    // Taken as it lies there, whichever repository it came from: a release never changes.
    return Files.isRegularFile(present) && !artifact.isSnapshot() ? present : download(artifact);
  }

  private Path localFile(Artifact artifact) {
    LocalRepositoryManager local = maven.repositorySystemSession().getLocalRepositoryManager();
    File folder = local.getRepository().getBasedir();
    return folder.toPath().resolve(local.getPathForLocalArtifact(artifact));
  }

  private Path download(Artifact artifact) {
    ArtifactRequest request = new ArtifactRequest(artifact, maven.remoteRepositories(), null);
    try {
      return maven
          .repositorySystem()
          .resolveArtifact(maven.repositorySystemSession(), request)
          .getArtifact()
          .getFile()
          .toPath();
    } catch (ArtifactResolutionException e) {
      String advice =
          maven.repositorySystemSession().isOffline()
              ? "Maven's settings say offline, and the local repository does not have it"
              : "check the coordinates and the network, and Maven's settings.xml if you need a proxy or mirror";
      throw new InputException(
          "cannot get %s: %s; %s".formatted(artifact, firstLine(e), advice), e);
    }
  }

  private static String firstLine(ArtifactResolutionException e) {
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return message.lines().findFirst().orElse(message);
  }

  @Override
  public void close() {
    maven.close();
  }

  /** Tells of every jar that is downloaded, with a bar in kilobytes; of checksums nothing. */
  private static final class Announcer extends AbstractTransferListener {
    private final Console console;
    private Console.@Nullable Progress bar;

    Announcer(Console console) {
      this.console = console;
    }

    @Override
    public synchronized void transferStarted(TransferEvent event) {
      String path = event.getResource().getResourceName();
      if (!path.endsWith(".jar")) {
        return;
      }
      String name = path.substring(path.lastIndexOf('/') + 1);
      long bytes = event.getResource().getContentLength();
      String size = bytes < 0 ? "" : String.format(Locale.ROOT, " (%.1f MB)", bytes / 1e6);
      finish();
      console.say("downloading " + name + size);
      bar = console.progress("download", bytes < 0 ? -1 : (bytes + 999) / 1000, "kB");
    }

    @Override
    public synchronized void transferProgressed(TransferEvent event) {
      if (bar != null && event.getResource().getResourceName().endsWith(".jar")) {
        bar.at(event.getTransferredBytes() / 1000);
      }
    }

    @Override
    public synchronized void transferSucceeded(TransferEvent event) {
      if (event.getResource().getResourceName().endsWith(".jar")) {
        finish();
      }
    }

    @Override
    public synchronized void transferFailed(TransferEvent event) {
      finish();
    }

    private void finish() {
      if (bar != null) {
        bar.close();
        bar = null;
      }
    }
  }
}
