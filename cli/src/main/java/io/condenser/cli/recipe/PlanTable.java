package io.condenser.cli.recipe;

import io.condenser.cli.ByteCount;
import io.condenser.cli.Console;
import io.condenser.cli.Elapsed;
import io.condenser.cli.plan.Estimate;
import io.condenser.cli.plan.Estimate.Step;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A plan for people: a line for each stage, the sum, and whether the machine has so much. */
final class PlanTable {
  private static final String LAYOUT = "%-40s  %12s  %8s  %8s  %s";

  private final Console console;
  private final List<Step> estimated = new ArrayList<>();

  PlanTable(Console console) {
    this.console = console;
    console.result(LAYOUT.formatted("", "time", "disk", "memory", "").stripTrailing());
  }

  /** A stage that is kept has no estimate. */
  void row(String stage, String fate, @Nullable Step step) {
    if (step == null || step.unknown() != null) {
      String why = step == null ? fate : fate + "; not estimated: " + step.unknown();
      console.result(LAYOUT.formatted(stage, "", "", "", why));
    } else {
      String download = step.network() > 0 ? "; downloads " + ByteCount.of(step.network()) : "";
      console.result(
          LAYOUT.formatted(
              stage,
              Elapsed.of(step.seconds()),
              ByteCount.of(step.disk() + step.passing()),
              ByteCount.of(step.memory()),
              fate + download));
    }
    if (step != null) {
      estimated.add(step);
    }
  }

  /**
   * The sum.
   *
   * @param freeDisk bytes where the outputs go
   * @param freeMemory bytes that this process may take
   */
  void total(double freeDisk, double freeMemory) {
    Estimate all = new Estimate(estimated);
    String download =
        all.network() > 0
            ? " and the download of " + ByteCount.of(all.network()) + ", whose speed is not known"
            : "";
    console.result(
        "in all about %s%s; at most %s more on disk (%s are free), %s of memory (%s are free)"
            .formatted(
                Elapsed.of(all.seconds()),
                download,
                ByteCount.of(all.peakDisk()),
                ByteCount.of(freeDisk),
                ByteCount.of(all.peakMemory()),
                ByteCount.of(freeMemory)));
    if (all.unknown() > 0) {
      console.result("not counted: %d stages that could not be estimated".formatted(all.unknown()));
    }
    warn("disk", all.peakDisk(), freeDisk, "free some, or give another work folder");
    warn("memory", all.peakMemory(), freeMemory, "lower batch, k or chunk-tokens, or end others");
  }

  private void warn(String what, double needed, double free, String advice) {
    if (needed > free) {
      console.result(
          "WARNING: %s will not suffice: about %s needed, %s free; %s"
              .formatted(what, ByteCount.of(needed), ByteCount.of(free), advice));
    }
  }
}
