package io.condenser.cli;

import java.util.Locale;

/** Durations as people read them. */
public final class Elapsed {
  private Elapsed() {}

  /** {@code 0.42 s}, {@code 37 s}, {@code 4 min 05 s}, {@code 2 h 07 min}, {@code 3 d 04 h}. */
  public static String of(double seconds) {
    long whole = Math.round(seconds);
    if (seconds < 9.995) {
      return String.format(Locale.ROOT, "%.2f s", seconds);
    }
    if (whole < 60) {
      return whole + " s";
    }
    if (whole < 3600) {
      return String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60);
    }
    return whole < 48 * 3600
        ? String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole / 60 % 60)
        : String.format(Locale.ROOT, "%d d %02d h", whole / 86400, whole / 3600 % 24);
  }
}
