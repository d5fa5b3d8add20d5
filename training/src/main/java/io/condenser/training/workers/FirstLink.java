package io.condenser.training.workers;

import io.condenser.storage.InputException;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The first worker's link to all others: it waits for them, and tells each when one has stopped.
 */
public final class FirstLink extends Link {
  /** What is known of the other processes besides what they say themselves. */
  public interface Watch {
    /** Nothing is known of them. */
    Watch NONE =
        new Watch() {
          @Override
          public @Nullable String absent() {
            return null;
          }

          @Override
          public String gone(int rank, String how) {
            return how;
          }
        };

    /** Why one that has not come yet never will; null if all still may. */
    @Nullable String absent();

    /**
     * What became of one that is gone.
     *
     * @param how what is known without this
     */
    String gone(int rank, String how);
  }

  private static final int ACCEPT_MILLIS = 200;
  private static final Duration GREETING = Duration.ofSeconds(10);

  private final ServerSocket server;
  private final String configuration;
  private final Watch watch;
  private final Map<Integer, Connection> others = new TreeMap<>();
  private final Set<Integer> done = new HashSet<>();

  /**
   * Opens the place where the others meet.
   *
   * @param address where; port 0 takes one that is free
   * @param count workers in all
   * @param configuration everything that decides the result: another worker's must be equal
   * @param stuck called with the reason if this process should have stopped, and cannot
   */
  public FirstLink(
      InetSocketAddress address,
      int count,
      String configuration,
      Watch watch,
      Consumer<String> stuck) {
    super(0, count, stuck);
    this.configuration = configuration;
    this.watch = watch;
    try {
      server = new ServerSocket();
      server.setReuseAddress(true);
      server.bind(address);
      server.setSoTimeout(ACCEPT_MILLIS);
    } catch (IOException e) {
      throw new InputException(
          "workers cannot meet at %s: %s; is the port free, and the address this machine's?"
              .formatted(address, e.getMessage()),
          e);
    }
  }

  /** The port where the others meet. */
  public int port() {
    return server.getLocalPort();
  }

  @Override
  int begin(int port) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (others.size() < count() - 1) {
      String absent = watch.absent();
      if (absent != null || System.nanoTime() > end) {
        throw refused(
            absent != null
                ? absent
                : "%d of %d workers are there after %d minutes"
                    .formatted(others.size() + 1, count(), PATIENCE.toMinutes()));
      }
      accept();
    }
    others.forEach((rank, connection) -> welcome(rank, connection, port));
    return port;
  }

  private void accept() {
    try {
      Connection connection = new Connection(server.accept());
      connection.waitFor(GREETING);
      Greeting greeting = Greeting.read(connection.in());
      String problem = problem(greeting);
      if (problem != null) {
        connection.failed(problem);
        throw refused(problem);
      }
      others.put(greeting.rank(), connection);
    } catch (SocketTimeoutException e) {
      // Nobody has come; the caller looks whether anybody still may.
    } catch (IOException e) {
      // Whoever knocked was none of ours, or is gone again.
    }
  }

  private @Nullable String problem(Greeting greeting) {
    int rank = greeting.rank();
    if (greeting.count() != count()) {
      return "the worker of rank %d says that there are %d workers, the first one %d"
          .formatted(rank, greeting.count(), count());
    }
    if (rank < 1 || rank >= count() || others.containsKey(rank)) {
      return "two workers have rank %d; expected each of 0 to %d once".formatted(rank, count() - 1);
    }
    return greeting.configuration().equals(configuration)
        ? null
        : "the worker of rank %d has other settings or data\n  it:    %s\n  first: %s"
            .formatted(rank, greeting.configuration(), configuration);
  }

  private InputException refused(String problem) {
    fail(problem);
    return new InputException(problem);
  }

  private void welcome(int rank, Connection connection, int port) {
    try {
      DataOutputStream out = connection.out();
      out.writeUTF("");
      out.writeInt(port);
      out.writeInt(beside(connection.socket().getInetAddress()));
      out.flush();
      connection.start("worker " + rank, listener(rank));
    } catch (IOException e) {
      throw refused("the worker of rank %d %s".formatted(rank, watch.gone(rank, "stopped")));
    }
  }

  /** Workers on the machine of that address. */
  private int beside(InetAddress address) {
    boolean here = isHere(address);
    int count = here ? 1 : 0;
    for (Connection connection : others.values()) {
      InetAddress other = connection.socket().getInetAddress();
      count += here ? (isHere(other) ? 1 : 0) : (other.equals(address) ? 1 : 0);
    }
    return count;
  }

  private boolean isHere(InetAddress address) {
    return address.isLoopbackAddress()
        || others.values().stream()
            .anyMatch(connection -> connection.socket().getLocalAddress().equals(address));
  }

  private Connection.Listener listener(int rank) {
    return new Connection.Listener() {
      @Override
      public void done() {
        synchronized (FirstLink.this) {
          done.add(rank);
          FirstLink.this.notifyAll();
        }
      }

      @Override
      public void failed(String message) {
        stop("the worker of rank %d failed: %s".formatted(rank, message));
      }

      @Override
      public void lost(String how) {
        stop(
            "the worker of rank %d %s; run the same command again to go on from the last checkpoint"
                .formatted(rank, watch.gone(rank, how)));
      }
    };
  }

  private void stop(String reason) {
    if (!isClosed()) {
      fail(reason);
      lost(reason);
    }
  }

  @Override
  int onThisMachine() {
    return beside(InetAddress.getLoopbackAddress());
  }

  @Override
  String ownAddress() {
    return others.values().stream()
        .map(connection -> connection.socket().getLocalAddress())
        .filter(address -> !address.isLoopbackAddress())
        .findFirst()
        .orElseGet(InetAddress::getLoopbackAddress)
        .getHostAddress();
  }

  @Override
  String firstAddress() {
    return "localhost";
  }

  @Override
  void finish() {
    await(() -> done.size() == count() - 1);
    for (Connection other : others.values()) {
      try {
        other.done();
      } catch (IOException e) {
        throw new UncheckedIOException("a worker went before it was dismissed", e);
      }
    }
  }

  @Override
  void fail(String message) {
    others.values().forEach(other -> other.failed(message));
  }

  @Override
  public void close() {
    markClosed();
    others.values().forEach(Connection::close);
    try {
      server.close();
    } catch (IOException e) {
      // It is closed in any case.
    }
  }
}
