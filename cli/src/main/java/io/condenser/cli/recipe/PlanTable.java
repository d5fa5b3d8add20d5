package io.condenser.cli.recipe;

import io.condenser.cli.ByteCount;
import io.condenser.cli.Console;
import io.condenser.cli.Elapsed;
import io.condenser.cli.plan.Estimate;
import io.condenser.cli.plan.Estimate.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A plan for people: a line for each stage, the sum, and whether the machine has so much. */
final class PlanTable {
  private final List<Row> rows = new ArrayList<>();

  private record Row(String stage, String fate, @Nullable Step step) {}

  /** A stage that is kept has no estimate. */
  void row(String stage, String fate, @Nullable Step step) {
    rows.add(new Row(stage, fate, step));
  }

  /**
   * Shows it, as results.
   *
   * @param freeDisk bytes where the outputs go
   * @param freeMemory bytes that this process may take
   */
  void show(Console console, double freeDisk, double freeMemory) {
    int width = rows.stream().mapToInt(row -> row.stage().length()).max().orElse(0);
    String layout = "%-" + (width + 1) + "s %12s  %8s  %8s  %s";
    console.result(layout.formatted("", "time", "disk", "memory", "").stripTrailing());
    rows.forEach(row -> console.result(line(layout, row)));
    Estimate all = new Estimate(rows.stream().map(Row::step).filter(Objects::nonNull).toList());
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
    warn(console, "disk", all.peakDisk(), freeDisk, "free some, or give another work folder");
    String less = "lower batch, k or chunk-tokens, or end others";
    warn(console, "memory", all.peakMemory(), freeMemory, less);
  }

  private static String line(String layout, Row row) {
    Step step = row.step();
    if (step == null || step.unknown() != null) {
      String why = step == null ? row.fate() : row.fate() + "; not estimated: " + step.unknown();
      return layout.formatted(row.stage(), "", "", "", why);
    }
    String download = step.network() > 0 ? "; downloads " + ByteCount.of(step.network()) : "";
    return layout.formatted(
        row.stage(),
        Elapsed.of(step.seconds()),
        ByteCount.of(step.disk() + step.passing()),
        ByteCount.of(step.memory()),
        row.fate() + download);
  }

  private static void warn(
      Console console, String what, double needed, double free, String advice) {
    if (needed > free) {
      console.result(
          "WARNING: %s will not suffice: about %s needed, %s free; %s"
              .formatted(what, ByteCount.of(needed), ByteCount.of(free), advice));
    }
  }
}
