package io.condenser.cli.bench;

import io.condenser.cli.Stage;
import java.nio.file.Path;
import java.util.List;

/** A benchmark: reads and writes nothing but its result. */
interface BenchStage extends Stage {
  @Override
  default List<Path> inputs() {
    return List.of();
  }

  @Override
  default List<Path> outputs() {
    return List.of();
  }
}
