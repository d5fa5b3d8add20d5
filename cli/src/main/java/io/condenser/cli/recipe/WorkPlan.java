package io.condenser.cli.recipe;

import io.condenser.cli.Console;
import io.condenser.cli.Stage;
import io.condenser.cli.plan.Estimate;
import io.condenser.cli.plan.Probe;
import io.condenser.cli.plan.Size;
import io.condenser.cli.plan.Sizes;
import io.condenser.cli.plan.Speeds;
import io.condenser.cli.plan.Work;
import io.condenser.model.Machine;
import io.condenser.storage.InputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks stages in their order what they will do and make, and shows what that takes here. */
public final class WorkPlan {
  private final Path work;
  private final long freeMemory = Machine.freeForTensors(1);
  private final Sizes sizes;
  private final List<Asked> asked = new ArrayList<>();

  /** What a stage answered: its work, or why it does not know. */
  private record Asked(
      String title, String fate, boolean runs, @Nullable Work work, String unknown) {}

  /**
   * A plan of no stages yet.
   *
   * @param work the folder for outputs
   * @param declared sizes of what is not there before the run
   */
  public WorkPlan(Path work, Map<Path, Size> declared) {
    this.work = work;
    sizes = new Sizes(declared, freeMemory);
  }

  /**
   * Those that are kept are asked as well: later stages read what they made.
   *
   * @param title for people
   * @param fate likewise, whether it runs
   */
  public void add(String title, Stage stage, String fate, boolean runs) {
    try {
      Work answer = stage.work(sizes);
      sizes.make(answer.makes());
      asked.add(new Asked(title, fate, runs, answer, ""));
    } catch (Sizes.Unknown | InputException e) { // or of a shape that is not measured
      asked.add(new Asked(title, fate, runs, null, String.valueOf(e.getMessage())));
    }
  }

  /** Those that would run and of which too little is known to estimate them, with the reason. */
  public Map<String, String> unknown() {
    Map<String, String> reasons = new LinkedHashMap<>();
    asked.stream()
        .filter(one -> one.runs() && one.work() == null)
        .forEach(one -> reasons.put(one.title(), one.unknown()));
    return reasons;
  }

  /** Measures the machine for a few seconds, says how fast it is, and shows the table. */
  public void show(Console console) throws IOException {
    Set<Work.Rate> rates = new LinkedHashSet<>();
    for (Asked one : asked) {
      if (one.runs() && one.work() != null) {
        one.work().parts().forEach(part -> rates.add(part.rate()));
      }
    }
    Speeds speeds = Probe.measure(rates);
    speeds.lines().forEach(line -> console.say("measured on this machine: " + line));
    PlanTable table = new PlanTable();
    asked.forEach(one -> table.row(one.title(), one.fate(), estimate(one, speeds)));
    table.show(console, Estimate.freeDisk(work), (double) freeMemory);
  }

  private static Estimate.@Nullable Step estimate(Asked one, Speeds speeds) {
    if (!one.runs()) {
      return null;
    }
    return one.work() == null
        ? Estimate.Step.unknown(one.unknown())
        : Estimate.Step.of(one.work(), speeds);
  }
}
