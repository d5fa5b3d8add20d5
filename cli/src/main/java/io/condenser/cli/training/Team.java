package io.condenser.cli.training;

import io.condenser.cli.Console;
import io.condenser.cli.Stage;
import io.condenser.cli.StageType;
import io.condenser.model.Machine;
import io.condenser.training.workers.FirstLink;
import io.condenser.training.workers.Link;
import io.condenser.training.workers.OtherLink;
import io.condenser.training.workers.WorkerGroup;
import io.condenser.training.workers.Workers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/**
 * Brings the workers of a stage together: this process alone, or with others that it starts, or
 * that were started elsewhere.
 *
 * @param configuration everything that decides the result, and the device, as text: equal for all
 * @param logs where processes that are started here leave what they say
 */
record Team(StageType type, Stage stage, String configuration, Path logs, Console console) {
  /** What the workers do together. */
  @FunctionalInterface
  interface Task {
    void run(Workers workers) throws IOException;
  }

  /** Runs a task on all workers; when one fails, so do all. */
  void work(WorkerSettings settings, Task task) throws IOException {
    if (settings.rendezvous() != null) {
      LocalWorkers.watchParent();
      run(link(settings, settings.rendezvous()), task);
    } else if (settings.workers() > 1) {
      try (LocalWorkers others = new LocalWorkers(settings.workers(), logs)) {
        FirstLink link =
            new FirstLink(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                settings.workers(),
                configuration,
                others,
                this::stuck);
        others.start(type, stage, link.port());
        run(link, task);
      }
    } else {
      task.run(Workers.alone());
    }
  }

  private Link link(WorkerSettings settings, String rendezvous) {
    InetSocketAddress address = WorkerSettings.address(rendezvous);
    return settings.rank() == 0
        ? new FirstLink(address, settings.world(), configuration, FirstLink.Watch.NONE, this::stuck)
        : new OtherLink(address, settings.rank(), settings.world(), configuration, this::stuck);
  }

  private static void run(Link link, Task task) throws IOException {
    try (link;
        Workers workers = WorkerGroup.join(link)) {
      try {
        task.run(workers);
      } catch (IOException | RuntimeException | Error e) {
        workers.fail(String.valueOf(e.getMessage()));
        throw e;
      }
      workers.finish();
    }
  }

  /** What hangs in a collective cannot be told to stop. */
  private void stuck(String reason) {
    console.say("condenser: " + reason);
    Machine.exit(1);
  }
}
