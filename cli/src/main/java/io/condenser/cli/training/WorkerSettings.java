package io.condenser.cli.training;

import io.condenser.storage.InputException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who trains together.
 *
 * @param workers processes on this machine, of which the command is the first and starts the others
 * @param rendezvous {@code HOST:PORT} where the first of several commands waits for the others;
 *     null if the command starts its workers itself
 * @param rank this command's number among those that meet there; 0 is the first
 * @param world how many meet there
 */
record WorkerSettings(int workers, @Nullable String rendezvous, int rank, int world) {
  private static final int MOST = 1024;

  WorkerSettings {
    if (workers < 1 || workers > MOST) {
      throw new InputException("workers is %d; expected 1 to %d".formatted(workers, MOST));
    }
    if (rendezvous == null) {
      if (rank != 0 || world != 1) {
        throw new InputException("rank and world go with rendezvous; give all three or none");
      }
    } else {
      if (workers != 1) {
        throw new InputException(
            "workers starts processes on this machine, rendezvous joins others; give one of them");
      }
      if (world < 2 || world > MOST) {
        throw new InputException("world is %d; expected 2 to %d".formatted(world, MOST));
      }
      if (rank < 0 || rank >= world) {
        throw new InputException("rank is %d; expected 0 to %d".formatted(rank, world - 1));
      }
      address(rendezvous);
    }
  }

  /** Refuses a batch that leaves a worker without a row. */
  void requireRows(int batch) {
    int count = Math.max(workers, world);
    if (batch < count) {
      throw new InputException(
          "batch is %d; expected at least %d, one for each worker".formatted(batch, count));
    }
  }

  /** Where the workers meet. */
  static InetSocketAddress address(String rendezvous) {
    int colon = rendezvous.lastIndexOf(':');
    try {
      return new InetSocketAddress(
          rendezvous.substring(0, Math.max(0, colon)),
          Integer.parseInt(rendezvous.substring(colon + 1)));
    } catch (IllegalArgumentException e) {
      throw new InputException(
          "rendezvous is '%s'; expected HOST:PORT, such as node-1:29500".formatted(rendezvous), e);
    }
  }
}
