package io.condenser.cli.fetch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A web server with one file, {@code /file.tsv}, and moods. */
final class FileServer implements AutoCloseable {
  /** Whole, and by ranges. */
  volatile byte[] content = new byte[0];

  volatile String etag = "\"one\"";
  volatile boolean knowsRange = true;
  volatile boolean knowsIfRange = true;

  /** Bytes after which connections break; the first is for the first request. */
  final List<Integer> cuts = new ArrayList<>();

  /** Statuses of the first requests. */
  final List<Integer> statuses = new ArrayList<>();

  /** What was asked for: path, and the range. */
  final List<String> requests = new ArrayList<>();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  FileServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  String url(String path) {
    return "http://localhost:" + server.getAddress().getPort() + path;
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    String path = exchange.getRequestURI().getPath();
    requests.add(path + (range == null ? "" : " " + range));
    if (!statuses.isEmpty() && statuses.getFirst() != 200) {
      end(exchange, statuses.removeFirst());
    } else if (path.equals("/moved.tsv")) {
      exchange.getResponseHeaders().set("Location", "/file.tsv");
      end(exchange, 302);
    } else if (!path.startsWith("/file")) {
      end(exchange, 404);
    } else {
      send(exchange, range);
    }
  }

  private static void end(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  private void send(HttpExchange exchange, String range) throws IOException {
    if (!etag.isEmpty()) {
      exchange.getResponseHeaders().set("ETag", etag);
    }
    String ifRange = exchange.getRequestHeaders().getFirst("If-Range");
    boolean partial = range != null && knowsRange && (etag.equals(ifRange) || !knowsIfRange);
    int from = partial ? Integer.parseInt(range.replaceAll("\\D", "")) : 0;
    if (partial && from >= content.length) {
      exchange.getResponseHeaders().set("Content-Range", "bytes */" + content.length);
      end(exchange, 416);
      return;
    }
    if (partial) {
      exchange
          .getResponseHeaders()
          .set(
              "Content-Range",
              "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
    }
    byte[] rest = Arrays.copyOfRange(content, from, content.length);
    exchange.sendResponseHeaders(partial ? 206 : 200, rest.length);
    int sent = cuts.isEmpty() ? rest.length : Math.min(rest.length, cuts.removeFirst());
    OutputStream body = exchange.getResponseBody();
    body.write(rest, 0, sent);
    body.flush();
    exchange.close(); // with less than was announced, the connection breaks
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
