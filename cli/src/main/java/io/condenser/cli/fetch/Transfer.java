package io.condenser.cli.fetch;

import io.condenser.cli.Console;
import io.condenser.storage.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One attempt to get what a partial file still lacks, by HTTP (RFC 9110, §14: a Range with
 * If-Range, so that a file which changed meanwhile comes whole).
 *
 * @param stall the longest silence of a server
 */
record Transfer(HttpClient client, ExecutorService tasks, Duration stall, Console console) {
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (?:(\\d+)-\\d+|\\*)/(\\d+|\\*)");
  private static final List<Integer> PASSING = List.of(408, 425, 429, 500, 502, 503, 504);
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int KILO = 1000;

  /** What may go well if it is tried again. */
  static final class Passing extends IOException {
    private static final long serialVersionUID = 1L;

    /** What the server asked for; zero if nothing. */
    private final Duration wait;

    Passing(String problem, Duration wait) {
      super(problem);
      this.wait = wait;
    }

    Passing(IOException cause) {
      super(reason(cause), cause);
      this.wait = Duration.ZERO;
    }

    Duration pause() {
      return wait;
    }

    private static String reason(IOException e) {
      if (e instanceof ConnectException) {
        return "cannot connect";
      }
      String kind = e.getClass().getSimpleName().replaceFirst("Exception$", "");
      return e.getMessage() == null ? kind : kind + " (" + e.getMessage() + ")";
    }
  }

  /**
   * Appends to the partial file until it is whole.
   *
   * @throws Passing if the connection or the server failed; what has come stays
   * @throws InputException if the server does not have the file, or has another one
   * @throws UncheckedIOException if it cannot be written here
   */
  void receive(Download download, PartialFile part) throws IOException {
    long offset = part.size();
    Optional<String> version = part.validator();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(download.url())
            .header("User-Agent", "condenser")
            .header("Accept-Encoding", "identity");
    version.ifPresent(
        text -> request.header("Range", "bytes=" + offset + "-").header("If-Range", text));
    HttpResponse<InputStream> response =
        await(client.sendAsync(request.build(), BodyHandlers.ofInputStream()));
    try (InputStream body = response.body()) {
      HttpHeaders headers = response.headers();
      int status = response.statusCode();
      if (status == 200) {
        long length = headers.firstValueAsLong("Content-Length").orElse(Download.UNKNOWN);
        requireSize(download, length, part);
        write(part, () -> part.begin(validator(headers)));
        copy(body, download, part, length);
      } else if (version.isPresent() && status == 206) {
        long length = rest(headers, offset, version.get(), part);
        requireSize(download, length, part);
        console.say("%s: going on after %,d kB".formatted(download.name(), offset / KILO));
        copy(body, download, part, length);
      } else if (version.isEmpty() || status != 416) {
        throw refused(download, status, headers);
      } else if (range(headers).map(r -> r.group(2)).orElse("").equals(Long.toString(offset))) {
        return; // nothing is lacking
      } else {
        part.delete();
        throw new Passing("the server has fewer bytes than came from it", Duration.ZERO);
      }
    }
  }

  /** The size of the whole file of which the rest comes; refuses any other rest than asked for. */
  private static long rest(HttpHeaders headers, long offset, String version, PartialFile part)
      throws IOException {
    Optional<Matcher> range = range(headers);
    boolean asked = range.map(r -> Long.toString(offset).equals(r.group(1))).orElse(false);
    boolean same = validator(headers).map(version::equals).orElse(true);
    if (!asked || !same) {
      part.delete();
      throw new Passing("the file changed on the server", Duration.ZERO);
    }
    String size = range.get().group(2);
    return size.equals("*") ? Download.UNKNOWN : Long.parseLong(size);
  }

  private static Optional<Matcher> range(HttpHeaders headers) {
    return headers.firstValue("Content-Range").map(CONTENT_RANGE::matcher).filter(Matcher::matches);
  }

  /** What If-Range may name: a strong ETag, else the date of change. */
  private static Optional<String> validator(HttpHeaders headers) {
    return headers
        .firstValue("ETag")
        .filter(tag -> tag.startsWith("\""))
        .or(() -> headers.firstValue("Last-Modified"));
  }

  /** What came before stays: another answer may have been some proxy's. */
  private static void requireSize(Download download, long length, PartialFile part)
      throws IOException {
    if (length >= 0 && download.bytes() >= 0 && length != download.bytes()) {
      if (part.size() == 0) {
        part.delete();
      }
      throw new InputException(
          "%s has %,d bytes, expected %,d; it is not the file that was meant"
              .formatted(download.url(), length, download.bytes()));
    }
  }

  private static IOException refused(Download download, int status, HttpHeaders headers) {
    if (PASSING.contains(status)) {
      String after = headers.firstValue("Retry-After").orElse("");
      long seconds = after.matches("\\d{1,4}") ? Long.parseLong(after) : 0;
      return new Passing("the server answered " + status, Duration.ofSeconds(seconds));
    }
    throw new InputException(
        "%s: the server answered %d%s; check the address in a browser"
            .formatted(download.url(), status, status == 404 ? ", there is no such file" : ""));
  }

  private void copy(InputStream body, Download download, PartialFile part, long length)
      throws IOException {
    long before = part.size();
    long done = before;
    byte[] buffer = new byte[BUFFER_BYTES];
    long total = length < 0 ? -1 : (length + KILO - 1) / KILO;
    try (Console.Progress bar = console.progress("fetch " + download.name(), total, "kB");
        OutputStream out = part.append()) {
      bar.resumed(before / KILO);
      for (int n = read(body, buffer); n >= 0; n = read(body, buffer)) {
        int count = n;
        write(part, () -> out.write(buffer, 0, count));
        done += n;
        bar.at(done / KILO);
      }
    }
    if (length >= 0 && done != length) {
      throw new Passing("%,d of %,d bytes came".formatted(done, length), Duration.ZERO);
    }
  }

  private int read(InputStream body, byte[] buffer) throws IOException {
    return await(tasks.submit(() -> body.read(buffer)));
  }

  /** What the network gives, if it gives it in time. */
  private <T> T await(Future<T> future) throws IOException {
    try {
      return future.get(stall.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      future.cancel(true);
      throw new Passing("nothing came for %d s".formatted(stall.toSeconds()), Duration.ZERO);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw new Passing(failure);
      }
      throw new IllegalStateException("cannot fetch", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  /** Writing here. */
  @FunctionalInterface
  private interface Write {
    void run() throws IOException;
  }

  /** Trying again helps against no failure to write. */
  private static void write(PartialFile part, Write write) {
    try {
      write.run();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot write %s: %s; what is there of it stays, and the next run goes on from it"
              .formatted(part.file(), e.getMessage()),
          e);
    }
  }
}
