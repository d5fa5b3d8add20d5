package io.condenser.training.workers;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * A connection between the first worker and another: each tells the other every second that it
 * lives. A process that dies closes it; one that hangs falls silent.
 */
final class Connection implements AutoCloseable {
  private static final Duration BETWEEN_BEATS = Duration.ofSeconds(1);

  /** So much may a machine under load be late with its beats. */
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(60);

  private static final int LONGEST_MESSAGE = 10_000;

  private static final int BEAT = 0;
  private static final int DONE = 1;
  private static final int FAILED = 2;

  /** What is heard from the other side; called on a thread of its own. */
  interface Listener {
    /** The other side's work is finished: it may go. */
    void done();

    /** The other side fails, and says why. */
    void failed(String message);

    /** The other side is gone without a word. */
    void lost(String how);
  }

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;
  private boolean started;

  Connection(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
  }

  Socket socket() {
    return socket;
  }

  DataInputStream in() {
    return in;
  }

  DataOutputStream out() {
    return out;
  }

  /** How long a read may wait until {@link #start}. */
  void waitFor(Duration longest) throws IOException {
    socket.setSoTimeout(Math.toIntExact(longest.toMillis()));
  }

  /** The greetings are over: begins to listen and to beat. */
  synchronized void start(String name, Listener listener) throws IOException {
    started = true;
    waitFor(LONGEST_SILENCE);
    Thread.ofPlatform().daemon().name("listen to " + name).start(() -> listen(listener));
    Thread.ofPlatform().daemon().name("beat to " + name).start(this::beat);
  }

  private void listen(Listener listener) {
    boolean done = false;
    try {
      while (true) {
        switch (in.readByte()) {
          case BEAT -> {}
          case DONE -> {
            done = true;
            listener.done();
          }
          case FAILED -> {
            listener.failed(in.readUTF());
            return;
          }
          default -> throw new IOException("speaks another language");
        }
      }
    } catch (SocketTimeoutException e) {
      listener.lost("has not been heard of for %d seconds".formatted(LONGEST_SILENCE.toSeconds()));
    } catch (EOFException e) {
      if (!done) {
        listener.lost("stopped");
      }
    } catch (IOException e) {
      if (!done) {
        listener.lost("stopped (" + e.getMessage() + ")");
      }
    }
  }

  private void beat() {
    try {
      while (!socket.isClosed()) {
        send(BEAT, "");
        Thread.sleep(BETWEEN_BEATS);
      }
    } catch (IOException | InterruptedException e) {
      // Whoever listens to this connection hears its end.
    }
  }

  /** This side's work is finished. */
  void done() throws IOException {
    send(DONE, "");
  }

  /** This side fails. Nothing is said where the other one is gone, too. */
  void failed(String message) {
    try {
      send(FAILED, message);
    } catch (IOException e) {
      // It is told to stop, and it has stopped.
    }
  }

  private synchronized void send(int kind, String message) throws IOException {
    if (started) { // before that, a text alone says that there will be no start
      out.writeByte(kind);
    }
    if (kind == FAILED) {
      out.writeUTF(message.substring(0, Math.min(message.length(), LONGEST_MESSAGE)));
    }
    out.flush();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed in any case.
    }
  }
}
