package io.condenser.cli.plan;

import io.condenser.cli.plan.Work.Kind;
import io.condenser.cli.plan.Work.Part;
import io.condenser.cli.plan.Work.Rate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** How much of each kind of work this machine does in a second. */
public record Speeds(Map<Rate, Double> perSecond) {
  public Speeds {
    perSecond = new LinkedHashMap<>(perSecond);
  }

  /** Seconds of all parts but the network's, whose speed nobody knows beforehand. */
  double seconds(Work work) {
    return work.parts().stream()
        .map(this::seconds)
        .filter(OptionalDouble::isPresent)
        .mapToDouble(OptionalDouble::getAsDouble)
        .sum();
  }

  private OptionalDouble seconds(Part part) {
    Double speed = perSecond.get(part.rate());
    return speed == null ? OptionalDouble.empty() : OptionalDouble.of(part.amount() / speed);
  }

  /** What was measured, a line for each; what is a constant is left out. */
  public List<String> lines() {
    return perSecond.entrySet().stream()
        .filter(entry -> Probe.MEASURED.contains(entry.getKey().kind()))
        .map(entry -> described(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static String described(Rate rate, double speed) {
    Kind kind = rate.kind();
    String where = rate.hidden() > 0 ? " at hidden size " + rate.hidden() : "";
    String precision =
        rate.precision() == null ? "" : " in " + rate.precision().name().toLowerCase(Locale.ROOT);
    String number =
        kind.unit().equals("operations")
            ? String.format(Locale.ROOT, "%,.0f GFLOPS", speed / 1e9)
            : String.format(Locale.ROOT, "%,.0f %s/s", speed, kind.unit());
    return kind.named() + where + precision + ": " + number;
  }
}
