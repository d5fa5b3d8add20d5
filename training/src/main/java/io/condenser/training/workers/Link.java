package io.condenser.training.workers;

import io.condenser.storage.InputException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What workers know of each other besides the collectives: who takes part, that all do the same
 * work, and whether all still live. Each is linked to the first one.
 */
public abstract sealed class Link implements AutoCloseable permits FirstLink, OtherLink {
  /** How long the others may take to start. */
  static final Duration PATIENCE = Duration.ofMinutes(10);

  /** After a loss, until a process that has not ended by itself is stuck. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final int rank;
  private final int count;
  private final Consumer<String> stuck;
  private @Nullable String failure;
  private boolean closed;

  /**
   * A link.
   *
   * @param stuck called with the reason if this process should have stopped, and cannot
   */
  Link(int rank, int count, Consumer<String> stuck) {
    this.rank = rank;
    this.count = count;
    this.stuck = stuck;
  }

  final int rank() {
    return rank;
  }

  final int count() {
    return count;
  }

  /** How many of the workers share this machine; known once they have begun. */
  abstract int onThisMachine();

  /** The address under which the others reach this worker; known once they have begun. */
  abstract String ownAddress();

  /** The address of the first worker. */
  abstract String firstAddress();

  /**
   * Comes back once all workers are there.
   *
   * @param port the first worker's number for all of them; the others' is ignored
   * @return the first worker's
   * @throws InputException if one does not come, or comes for other work
   */
  abstract int begin(int port);

  /** Comes back once all workers have called it. */
  abstract void finish();

  /** Tells the others that this one fails. */
  abstract void fail(String message);

  /**
   * Goes on while all live.
   *
   * @throws InputException with the reason if one has stopped
   */
  final synchronized void check() {
    if (failure != null) {
      throw new InputException(failure);
    }
  }

  /**
   * Gives the reason of a failure time to arrive.
   *
   * @throws InputException with the reason if it does
   */
  final void awaitFailure(long nanos) {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      check();
      pause();
    }
  }

  /** A worker has stopped; the first reason counts. */
  final void lost(String reason) {
    synchronized (this) {
      if (failure != null || closed) {
        return;
      }
      failure = reason;
      notifyAll();
    }
    Thread.ofPlatform()
        .daemon()
        .name("worker lost")
        .start(() -> {
          sleep(GRACE);
          if (!isClosed()) {
            stuck.accept(reason);
          }
        });
  }

  final synchronized boolean isClosed() {
    return closed;
  }

  final synchronized void markClosed() {
    closed = true;
  }

  /**
   * Waits until a condition holds that changes under this object's lock.
   *
   * @throws InputException if a worker stops before
   */
  final synchronized void await(BooleanSupplier condition) {
    try {
      while (!condition.getAsBoolean()) {
        check();
        wait();
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  static void pause() {
    sleep(Duration.ofMillis(20));
  }

  private static void sleep(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static InputException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new InputException("interrupted while waiting for the other workers", e);
  }

  @Override
  public abstract void close();
}
