package io.condenser.cli;

import io.condenser.cli.plan.Costs;
import io.condenser.cli.plan.Sizes;
import io.condenser.cli.plan.Work;
import io.condenser.model.Machine;
import io.condenser.storage.InputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * One arrow of the way of the data: a command of its own, and a step of a recipe. Implementations
 * are records; their components are the settings, each with a {@link Setting}, spelled {@code
 * --batch-size} on the command line and {@code batch-size:} in a recipe. Compact constructors
 * refuse values out of range by name, value and bound.
 */
public interface Stage {
  /** A file that marks a folder as ours where nothing else in it would tell. */
  String OURS = ".condenser";

  /**
   * Files and folders this stage reads; with the settings they decide whether it must run again.
   */
  List<Path> inputs();

  /** Files and folders this stage writes; empty for a stage whose result is printed. */
  List<Path> outputs();

  /**
   * Files by one of which a folder is known that such a stage wrote: only such a folder is
   * replaced. None for a stage whose outputs are files, or that looks for itself.
   */
  default List<String> foldersMarks() {
    return List.of();
  }

  /** Whether all outputs are files; where one would take the place of a folder it is refused. */
  default boolean writesFiles() {
    return foldersMarks().isEmpty();
  }

  /**
   * Folders where unfinished work lies, so that it can go on; empty for a stage that begins anew.
   */
  default List<Path> unfinished() {
    return List.of();
  }

  /**
   * Inputs to which the outputs go on pointing: whoever reads the outputs reads these, too. An
   * index names its model.
   */
  default List<Path> refersTo() {
    return List.of();
  }

  /**
   * What it has to do, for the estimate of a plan. Unless a stage says more, it reads its inputs.
   *
   * @throws Sizes.Unknown if the size of something that it reads is not known
   */
  default Work work(Sizes sizes) {
    return Costs.copying(inputs().stream().mapToDouble(sizes::bytes).sum(), 0);
  }

  /** Does the work: progress and remarks to {@code console}, results alone to standard output. */
  void run(Console console) throws IOException;

  /**
   * {@link #run}, for whoever has the user before them.
   *
   * @throws InputException also if what lies at the outputs must not be replaced, or the memory
   *     does not suffice
   */
  default void attempt(Console console) throws IOException {
    Targets.check(this);
    try {
      run(console);
    } catch (OutOfMemoryError e) {
      throw new InputException(
          "the JVM is out of memory (%s); CONDENSER_JAVA_OPTS=-Xmx8g gives it 8 GiB"
              .formatted(e.getMessage()),
          e);
    } catch (RuntimeException e) {
      if (!Machine.isFull(e)) {
        throw e;
      }
      throw new InputException(
          "out of memory (%s); training takes less with a smaller chunk-tokens, and all do"
                  .formatted(String.valueOf(e.getMessage()).lines().findFirst().orElse(""))
              + " where less else runs",
          e);
    }
  }
}
