package io.condenser.cli.ablation;

import io.condenser.cli.Console;
import io.condenser.cli.Setting;
import io.condenser.cli.Stage;
import io.condenser.cli.StageType;
import io.condenser.storage.InputException;
import io.condenser.storage.Replacement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes a ranking of queries q0, q1, … that puts the relevant passage r where it is told; in the
 * first query each seed puts it one place lower.
 */
public record RankStage(
    @Setting("File to read") Path model,
    @Setting("Place of the relevant passage in each query, from 1; 0 refuses to work")
        List<String> places,
    @Setting("Seed, from 1") long seed,
    @Setting("Run to write") Path run)
    implements Stage {
  static final StageType TYPE =
      StageType.of("rank", RankStage.class, "Ranks.", "rank --model m --places 1 --seed 1 --run r");

  /** Dies as if killed where this file stands beside the model's work folder. */
  static final String KILL = "kill-seed-";

  public RankStage {
    places = List.copyOf(places);
  }

  @Override
  public List<Path> inputs() {
    return List.of(model);
  }

  @Override
  public List<Path> outputs() {
    return List.of(run);
  }

  @Override
  public void run(Console console) throws IOException {
    if (places.contains("0")) {
      throw new InputException("place 0; expected 1 or more");
    }
    Path folder = run.getParent();
    while (folder != null) {
      if (Files.exists(folder.resolve(KILL + seed))) {
        throw new AssertionError("killed");
      }
      folder = folder.getParent();
    }
    if (!Files.exists(model)) {
      throw InputException.in(model, "no such file");
    }
    StringBuilder lines = new StringBuilder();
    for (int q = 0; q < places.size(); q++) {
      long place = Long.parseLong(places.get(q)) + (q == 0 ? seed - 1 : 0);
      for (int rank = 1; rank <= place; rank++) {
        String passage = rank == place ? "r" : "x" + rank;
        lines.append("q%d Q0 %s %d %d t\n".formatted(q, passage, rank, 100 - rank));
      }
    }
    Replacement.file(run, aside -> Files.writeString(aside, lines));
  }
}
