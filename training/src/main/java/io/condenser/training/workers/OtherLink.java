package io.condenser.training.workers;

import io.condenser.storage.InputException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.function.Consumer;

/** Another worker's link to the first. */
public final class OtherLink extends Link {
  private static final int CONNECT_MILLIS = 10_000;

  private final Connection first;
  private int onThisMachine = 1;
  private boolean done;

  /**
   * Connects to the first worker, which may be later than this one.
   *
   * @param address where the first worker waits
   * @param rank this worker's number, from 1
   * @param count workers in all
   * @param configuration everything that decides the result: the first worker's must be equal
   * @param stuck called with the reason if this process should have stopped, and cannot
   */
  public OtherLink(
      InetSocketAddress address,
      int rank,
      int count,
      String configuration,
      Consumer<String> stuck) {
    super(rank, count, stuck);
    try {
      first = new Connection(connect(address));
      new Greeting(rank, count, configuration).write(first.out());
    } catch (IOException e) {
      throw new InputException(
          "the first worker cannot be reached at %s: %s".formatted(address, e.getMessage()), e);
    }
  }

  private static Socket connect(InetSocketAddress address) throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      Socket socket = new Socket();
      try {
        socket.connect(
            new InetSocketAddress(address.getHostName(), address.getPort()), CONNECT_MILLIS);
        return socket;
      } catch (IOException e) { // not there yet: refused, unknown, unreachable, or silent
        socket.close();
        if (System.nanoTime() > end) {
          throw e;
        }
        pause();
      }
    }
  }

  @Override
  int begin(int port) {
    try {
      first.waitFor(PATIENCE);
      String problem = first.in().readUTF();
      if (!problem.isEmpty()) {
        throw new InputException(problem);
      }
      int firstPort = first.in().readInt();
      onThisMachine = first.in().readInt();
      first.start("the first worker", listener());
      return firstPort;
    } catch (IOException e) {
      throw new InputException("the first worker stopped before all were there", e);
    }
  }

  private Connection.Listener listener() {
    return new Connection.Listener() {
      @Override
      public void done() {
        synchronized (OtherLink.this) {
          done = true;
          OtherLink.this.notifyAll();
        }
      }

      @Override
      public void failed(String message) {
        OtherLink.this.lost(message);
      }

      @Override
      public void lost(String how) {
        OtherLink.this.lost(
            "the first worker "
                + how
                + "; run the same command again to go on from the last checkpoint");
      }
    };
  }

  @Override
  int onThisMachine() {
    return onThisMachine;
  }

  @Override
  String ownAddress() {
    return first.socket().getLocalAddress().getHostAddress();
  }

  @Override
  String firstAddress() {
    return first.socket().getInetAddress().getHostAddress();
  }

  @Override
  void finish() {
    try {
      first.done();
    } catch (IOException e) {
      awaitFailure(CONNECT_MILLIS * 1_000_000L);
    }
    await(() -> done);
  }

  @Override
  void fail(String message) {
    first.failed(message);
  }

  @Override
  public void close() {
    markClosed();
    first.close();
  }
}
