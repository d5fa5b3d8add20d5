package io.condenser.cli.recipe;

import io.condenser.cli.Console;
import io.condenser.cli.Elapsed;
import io.condenser.cli.recipe.Recipe.Step;
import io.condenser.model.Machine;
import io.condenser.storage.InputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Runs steps in a work folder, which is locked for it until it is closed. */
public final class StepRunner implements AutoCloseable {
  private final Path file;
  private final Ledger ledger;
  private final Console console;
  private final FileChannel lock;

  private StepRunner(Path file, Ledger ledger, Console console, FileChannel lock) {
    this.file = file;
    this.ledger = ledger;
    this.console = console;
    this.lock = lock;
  }

  /**
   * Locks a work folder.
   *
   * @param file where the steps were read, for errors
   * @param ledger of the folder
   * @throws InputException if another process runs steps there
   */
  public static StepRunner open(Path work, Path file, Ledger ledger, Console console)
      throws IOException {
    Path state = work.resolve(Ledger.FOLDER);
    Files.createDirectories(state);
    return new StepRunner(file, ledger, console, lock(work, state.resolve("lock")));
  }

  /** Two processes in one work folder would tear each other's outputs. */
  private static FileChannel lock(Path work, Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock;
    try {
      lock = channel.tryLock(); // released when the channel is closed, or the process ends
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      channel.close();
      throw InputException.in(work, "another process runs a recipe there; wait for it");
    }
    return channel;
  }

  /**
   * Runs a step, and enters it into the ledger.
   *
   * @param fingerprint under which it is done afterwards
   * @param title how the console calls it
   * @throws InputException if the step refuses its input
   */
  public RunRecord.StepRecord run(Step step, String fingerprint, String title) throws IOException {
    ledger.begin(step);
    console.say(title + " …");
    RecordingConsole recording = new RecordingConsole(console);
    long start = System.nanoTime();
    try {
      step.stage().attempt(recording);
    } catch (InputException e) {
      throw InputException.at(file, step.line(), "stage " + step.name() + ": " + e.getMessage(), e);
    }
    Machine.releaseFreeMemory();
    double seconds = (System.nanoTime() - start) / 1e9;
    Ledger.Done done =
        new Ledger.Done(fingerprint, now(), seconds, outputs(step), recording.results());
    ledger.finish(step, done);
    console.say("%s: done in %s".formatted(title, Elapsed.of(seconds)));
    return RunRecord.StepRecord.of(step, done, false);
  }

  private static List<String> outputs(Step step) {
    for (Path output : step.stage().outputs()) {
      if (!Files.exists(output)) {
        throw new IllegalStateException(
            step.name() + " said it writes " + output + ", but did not");
      }
    }
    return step.stage().outputs().stream().map(Path::toString).toList();
  }

  static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
