package io.condenser.training;

import io.condenser.training.workers.FirstLink;
import io.condenser.training.workers.Link;
import io.condenser.training.workers.OtherLink;
import io.condenser.training.workers.WorkerGroup;
import io.condenser.training.workers.Workers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Workers as threads of one process. */
final class Crew {
  private static final long SECONDS = 60;

  private Crew() {}

  /** What each of so many workers makes of it; one works alone. */
  static <T> List<T> of(int count, Function<Workers, T> work) {
    if (count == 1) {
      return List.of(work.apply(Workers.alone()));
    }
    InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (FirstLink first =
            new FirstLink(anywhere, count, "test", FirstLink.Watch.NONE, reason -> {});
        ExecutorService threads = Executors.newFixedThreadPool(count)) {
      InetSocketAddress there =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), first.port());
      List<Future<T>> results = new ArrayList<>();
      for (int rank = 0; rank < count; rank++) {
        int self = rank;
        results.add(
            threads.submit(() ->
                run(
                    self == 0 ? first : new OtherLink(there, self, count, "test", reason -> {}),
                    work)));
      }
      return results.stream().map(Crew::result).toList();
    }
  }

  private static <T> T run(Link link, Function<Workers, T> work) {
    try (link;
        Workers workers = WorkerGroup.join(link)) {
      try {
        T result = work.apply(workers);
        workers.finish();
        return result;
      } catch (RuntimeException | Error e) {
        workers.fail(e.toString());
        throw e;
      }
    }
  }

  private static <T> T result(Future<T> future) {
    try {
      return future.get(SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }
}
