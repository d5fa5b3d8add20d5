package io.condenser.cli.training;

import io.condenser.cli.Stage;
import io.condenser.model.ModelFolder;
import java.nio.file.Path;
import java.util.List;

/** A stage that trains a model: it writes a model folder, and goes on at its last checkpoint. */
interface TrainingStage extends Stage {
  /** The model folder to write. */
  Path out();

  @Override
  default List<Path> outputs() {
    return List.of(out());
  }

  @Override
  default List<Path> unfinished() {
    return List.of(TrainingRun.folder(out()));
  }

  @Override
  default List<String> foldersMarks() {
    return ModelFolder.OURS;
  }
}
