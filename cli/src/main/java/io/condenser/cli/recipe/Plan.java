package io.condenser.cli.recipe;

import io.condenser.cli.Console;
import io.condenser.cli.Stage;
import io.condenser.cli.plan.Estimate;
import io.condenser.cli.plan.Probe;
import io.condenser.cli.plan.Sizes;
import io.condenser.cli.plan.Speeds;
import io.condenser.cli.plan.Work;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks stages in their order what they will do and make, and turns that into an estimate. */
final class Plan {
  private final Sizes sizes;
  private final List<Asked> asked = new ArrayList<>();

  /** What a stage answered: its work, or why it does not know. */
  private record Asked(@Nullable Work work, String unknown, boolean runs) {}

  Plan(Sizes sizes) {
    this.sizes = sizes;
  }

  /** Those that are kept are asked as well: later stages read what they made. */
  void add(Stage stage, boolean runs) {
    try {
      Work work = stage.work(sizes);
      sizes.make(work.makes());
      asked.add(new Asked(work, "", runs));
    } catch (Sizes.Unknown e) {
      asked.add(new Asked(null, String.valueOf(e.getMessage()), runs));
    }
  }

  /** An estimate for each stage that was added. Measures the machine and says how fast it is. */
  List<Estimate.Step> estimate(Console console) throws IOException {
    Set<Work.Rate> rates = new LinkedHashSet<>();
    for (Asked one : asked) {
      if (one.runs() && one.work() != null) {
        one.work().parts().forEach(part -> rates.add(part.rate()));
      }
    }
    Speeds speeds = Probe.measure(rates);
    speeds.lines().forEach(line -> console.say("measured on this machine: " + line));
    return asked.stream()
        .map(one ->
            one.work() == null
                ? Estimate.Step.unknown(one.unknown())
                : Estimate.Step.of(one.work(), speeds))
        .toList();
  }
}
