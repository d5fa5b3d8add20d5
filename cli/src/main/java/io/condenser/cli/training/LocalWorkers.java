package io.condenser.cli.training;

import io.condenser.cli.Parameter;
import io.condenser.cli.Stage;
import io.condenser.cli.StageType;
import io.condenser.model.Machine;
import io.condenser.storage.InputException;
import io.condenser.training.workers.FirstLink;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The further processes of a training on one machine: each runs the same stage in the same JVM with
 * the same options, on its part of the processors, and on a GPU of its own where GPUs compute. What
 * they say goes to {@code worker-RANK.log}.
 */
final class LocalWorkers implements FirstLink.Watch, AutoCloseable {
  private static final String MAIN = "io.condenser.cli.command.Condenser";

  /** Names the process without which another has no reason to live. */
  private static final String PARENT = "condenser.parent";

  private static final String THREADS = "OMP_NUM_THREADS";

  /** A process that was killed ends with its signal and this. */
  private static final int SIGNALLED = 128;

  private static final long SECONDS_TO_END = 10;

  private final int count;
  private final Path logs;
  private final int threadsBefore = Machine.threads();
  private final List<Process> processes = new ArrayList<>();

  /**
   * No processes yet.
   *
   * @param count workers, this process among them
   * @param logs the folder of their logs
   */
  LocalWorkers(int count, Path logs) {
    this.count = count;
    this.logs = logs;
  }

  /**
   * Starts all but the first, which is this process; they are to meet it at a port.
   *
   * @throws InputException if they are more than there are GPUs, where these compute
   */
  void start(StageType type, Stage stage, int port) throws IOException {
    List<String> gpus = Machine.gpus();
    if (!gpus.isEmpty() && gpus.size() < count) {
      throw new InputException(
          "workers is %d, each with a GPU of its own; expected at most %d, as many as there are"
              .formatted(count, gpus.size()));
    }
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / count);
    boolean given = System.getenv(THREADS) != null;
    if (!given) {
      Machine.useThreads(threads);
    }
    for (int rank = 1; rank < count; rank++) {
      Stage its =
          type.with(
              stage,
              Map.of(
                  "workers", 1, "rendezvous", "127.0.0.1:" + port, "rank", rank, "world", count));
      ProcessBuilder process = new ProcessBuilder(command(type.arguments(its), given, threads));
      if (!gpus.isEmpty()) {
        process.environment().put("CUDA_VISIBLE_DEVICES", gpus.get(rank));
      }
      if (!given) {
        process.environment().put(THREADS, Integer.toString(threads));
        process.environment().put("OPENBLAS_NUM_THREADS", Integer.toString(threads));
      }
      process.redirectErrorStream(true).redirectOutput(log(rank).toFile());
      processes.add(process.start());
    }
  }

  private static List<String> command(List<String> arguments, boolean given, int threads) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    if (!given) {
      command.add("-XX:ActiveProcessorCount=" + threads);
    }
    command.add("-D%s=%d".formatted(PARENT, ProcessHandle.current().pid()));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
    command.addAll(arguments);
    command.add("--device=" + Parameter.written(Machine.device()));
    return command;
  }

  private Path log(int rank) {
    return logs.resolve("worker-%d.log".formatted(rank));
  }

  /** In a process that another one started: ends with it. */
  static void watchParent() {
    Long parent = Long.getLong(PARENT);
    if (parent != null) {
      ProcessHandle.of(parent)
          .ifPresentOrElse(
              process -> {
                var _ = process.onExit().thenRun(LocalWorkers::halt);
              },
              LocalWorkers::halt);
    }
  }

  private static void halt() {
    Machine.exit(1);
  }

  @Override
  public @Nullable String absent() {
    for (int i = 0; i < processes.size(); i++) {
      if (!processes.get(i).isAlive()) {
        return "the worker of rank %d %s".formatted(i + 1, gone(i + 1, "stopped"));
      }
    }
    return null;
  }

  @Override
  public String gone(int rank, String how) {
    try {
      Process process = processes.get(rank - 1);
      if (!process.waitFor(1, TimeUnit.SECONDS)) {
        return how;
      }
      int status = process.exitValue();
      return status > SIGNALLED
          ? "was killed by signal " + (status - SIGNALLED)
          : "ended with status %d; what it said is in %s".formatted(status, log(rank));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return how;
    }
  }

  /** Waits for them to end, and ends those that do not. */
  @Override
  public void close() {
    Machine.useThreads(threadsBefore);
    try {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_END);
      for (Process process : processes) {
        if (!process.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          process.destroyForcibly();
        }
      }
    } catch (InterruptedException e) {
      processes.forEach(Process::destroyForcibly);
      Thread.currentThread().interrupt();
    }
  }
}
