package io.condenser.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A linear scale from values to pixels.
 *
 * @param low the smallest value shown
 * @param high the largest, above {@code low}
 * @param from the pixel of {@code low}
 * @param to the pixel of {@code high}
 */
record Axis(double low, double high, double from, double to) {
  Axis {
    if (!(high > low)) {
      double half = low == 0 ? 1 : Math.abs(low) / 2; // a single value stands in the middle
      high = low + half;
      low = low - half;
    }
  }

  double pixel(double value) {
    return from + (value - low) / (high - low) * (to - from);
  }

  /** A value to be marked, and how it is written. */
  record Tick(double value, String label) {}

  /** Round values between the ends, about so many: multiples of 1, 2 or 5 times a power of ten. */
  List<Tick> ticks(int about) {
    double raw = (high - low) / about;
    double power = Math.pow(10, Math.floor(Math.log10(raw)));
    double step =
        power * (raw < 1.5 * power ? 1 : raw < 3.5 * power ? 2 : raw < 7.5 * power ? 5 : 10);
    List<Tick> ticks = new ArrayList<>();
    for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) {
      ticks.add(new Tick(i * step, label(i * step, step)));
    }
    return ticks;
  }

  /** With as many decimals as the step has, so that all of an axis look alike. */
  private static String label(double value, double step) {
    int decimals = Math.max(0, (int) -Math.floor(Math.log10(step) + 1e-9));
    return decimals > 4
        ? Html.number(value)
        : String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }
}
