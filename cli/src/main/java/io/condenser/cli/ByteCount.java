package io.condenser.cli;

import java.util.List;
import java.util.Locale;

/** Numbers of bytes as people read them. */
public final class ByteCount {
  private static final List<String> UNITS = List.of("kB", "MB", "GB", "TB");
  private static final double STEP = 1000;

  private ByteCount() {}

  /** {@code 0 kB}, {@code 37 kB}, {@code 4.1 GB}: a thousand of each are one of the next. */
  public static String of(double bytes) {
    double number = bytes / STEP;
    int unit = 0;
    while (number >= STEP && unit < UNITS.size() - 1) {
      number /= STEP;
      unit++;
    }
    String format = unit > 0 && number < 10 ? "%.1f %s" : "%.0f %s";
    return String.format(Locale.ROOT, format, number, UNITS.get(unit));
  }
}
