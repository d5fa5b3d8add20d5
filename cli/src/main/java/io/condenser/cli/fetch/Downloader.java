package io.condenser.cli.fetch;

import io.condenser.cli.Console;
import io.condenser.cli.fetch.Transfer.Passing;
import io.condenser.storage.InputException;
import io.condenser.storage.Replacement;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Downloads files: tries again where that may help, goes on where an earlier run was cut off, and
 * puts a file into its place only when its checksum is right.
 */
final class Downloader implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(30);
  private static final Duration STALL = Duration.ofSeconds(60);
  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  /** Failures in a row between which no byte is gained. */
  private static final int TRIES = 5;

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1) // one large stream gains nothing from HTTP/2
          .followRedirects(HttpClient.Redirect.NORMAL)
          .connectTimeout(CONNECT)
          .build();
  private final ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor();
  private final Console console;
  private final Duration firstWait;
  private final Transfer transfer;

  Downloader(Console console) {
    this(console, FIRST_WAIT, STALL);
  }

  /**
   * One with waits of its own.
   *
   * @param firstWait after the first failure; doubles with each
   * @param stall the longest silence of a server
   */
  Downloader(Console console, Duration firstWait, Duration stall) {
    this.console = console;
    this.firstWait = firstWait;
    this.transfer = new Transfer(client, tasks, stall, console);
  }

  /**
   * Gets a file, unless it is there already.
   *
   * @return whether it was fetched
   * @throws InputException if the server does not have it, cannot be reached, or has another file
   */
  boolean fetch(Download download, Path target) throws IOException {
    if (isThere(download, target)) {
      return false;
    }
    try (PartialFile part = PartialFile.take(target)) {
      receive(download, part);
      finish(download, part, target);
    }
    console.say("%s: %,d bytes%s".formatted(target, Files.size(target), checked(download)));
    return true;
  }

  private static void finish(Download download, PartialFile part, Path target) throws IOException {
    Optional<String> mismatch = download.mismatch(part.file());
    if (mismatch.isPresent()) {
      part.delete();
      throw new InputException(
          "%s is not the file that was meant: %s; it was deleted. Run again if the transfer may be at"
                  .formatted(download.url(), mismatch.get())
              + " fault; else the file was changed, and the recipe must be, too");
    }
    Replacement.byFinished(target, part.file());
    part.delete();
  }

  private boolean isThere(Download download, Path target) throws IOException {
    if (Files.isDirectory(target)) {
      throw InputException.in(target, "is a folder; a file of this name is to be fetched");
    }
    if (!Files.exists(target)) {
      return false;
    }
    Optional<String> mismatch = download.mismatch(target);
    console.say(
        mismatch
            .map(what -> "%s: has %s; fetching it anew".formatted(target, what))
            .orElse("%s: there already%s".formatted(target, checked(download))));
    return mismatch.isEmpty();
  }

  private static String checked(Download download) {
    return download.checksums().isEmpty()
        ? ", without a checksum to check it by"
        : ", " + download.checksums().getFirst().kind().spelled() + " is right";
  }

  private void receive(Download download, PartialFile part) throws IOException {
    long farthest = part.size();
    int failures = 0;
    while (true) {
      try {
        transfer.receive(download, part);
        return;
      } catch (Passing e) {
        failures = part.size() > farthest ? 1 : failures + 1;
        farthest = Math.max(farthest, part.size());
        if (failures == TRIES) {
          String kept =
              part.size() == 0
                  ? ""
                  : "; %,d bytes are kept in %s, and the next run goes on there"
                      .formatted(part.size(), part.file());
          throw new InputException(
              "cannot fetch %s: %s, %d times%s. Check the network; a proxy is given by CONDENSER_JAVA_OPTS=-Dhttps.proxyHost=HOST"
                  .formatted(download.url(), e.getMessage(), TRIES, kept),
              e);
        }
        pause(download, e, failures);
      }
    }
  }

  private void pause(Download download, Passing failure, int failures) throws IOException {
    Duration wait = firstWait.multipliedBy(1L << (failures - 1));
    if (failure.pause().compareTo(wait) > 0) {
      wait = failure.pause().compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : failure.pause();
    }
    console.say(
        "%s: %s; trying again in %.1f s"
            .formatted(download.name(), failure.getMessage(), wait.toMillis() / 1e3));
    try {
      Thread.sleep(wait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
    tasks.close();
  }
}
