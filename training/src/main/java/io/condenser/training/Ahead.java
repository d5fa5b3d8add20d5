package io.condenser.training;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Prepares the next step's batch on a background thread while this one's is trained on. Batches are
 * pure functions of the step, so asking for another step than the prepared one is only slower.
 */
final class Ahead<T> {
  private final LongFunction<T> prepare;
  private final long end;
  private long preparing = -1;
  private @Nullable CompletableFuture<T> next;

  /**
   * Batches of steps.
   *
   * @param end the first step that is never asked for
   */
  Ahead(LongFunction<T> prepare, long end) {
    this.prepare = prepare;
    this.end = end;
  }

  T get(long step) {
    T batch = next != null && preparing == step ? join(next) : prepare.apply(step);
    preparing = step + 1;
    long following = preparing;
    next = following < end ? CompletableFuture.supplyAsync(() -> prepare.apply(following)) : null;
    return batch;
  }

  private static <T> T join(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException | CancellationException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }
}
