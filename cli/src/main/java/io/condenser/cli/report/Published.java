package io.condenser.cli.report;

import io.condenser.cli.report.Results.Measured;
import io.condenser.evaluation.Decimals;
import io.condenser.evaluation.Measure;
import io.condenser.storage.InputException;
import java.util.Comparator;
import java.util.List;

/**
 * A figure that somebody published, to be seen beside what was measured here.
 *
 * @param value mean of the measure
 * @param source whose it is, and where it stands
 */
record Published(Measure measure, double value, String source) {
  private static final String USAGE = "expected MEASURE=VALUE SOURCE, like RR@10=.382 coCondenser";

  /** Reads {@code MEASURE=VALUE SOURCE}. */
  static Published parse(String text) {
    int equals = text.indexOf('=');
    int blank = text.indexOf(' ', equals);
    if (equals < 1 || blank < 0) {
      throw new InputException("expected: '%s'; %s".formatted(text, USAGE));
    }
    String number = text.substring(equals + 1, blank);
    try {
      double value = Double.parseDouble(number);
      if (value >= 0 && value <= 1) {
        return new Published(
            Measure.parse(text.substring(0, equals).strip()), value, text.substring(blank).strip());
      }
    } catch (NumberFormatException e) {
      // falls through to the one error for both
    }
    throw new InputException(
        "expected: '%s' in '%s'; expected a number from 0 to 1".formatted(number, text));
  }

  /** One line: the figure, and the highest that was measured here. */
  String line(Results results) {
    Measured best =
        results.systems().stream()
            .max(Comparator.comparingDouble(system -> system.evaluation().mean(measure)))
            .orElseThrow();
    return "%s %s: %s; here at most %s (%s)"
        .formatted(
            measure,
            Decimals.four(value),
            source,
            Decimals.four(best.evaluation().mean(measure)),
            best.name());
  }

  /** All lines under a table; empty without any. */
  static List<String> lines(List<Published> all, Results results) {
    return all.stream().map(one -> one.line(results)).toList();
  }
}
