package io.condenser.cli.recipe;

import io.condenser.cli.Console;
import io.condenser.cli.recipe.Recipe.Expectation;
import io.condenser.cli.recipe.RunRecord.MeasureRecord;
import io.condenser.evaluation.Evaluation;
import io.condenser.evaluation.Measure;
import io.condenser.evaluation.Qrels;
import io.condenser.evaluation.Run;
import io.condenser.storage.InputException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Holds what a recipe measured against what it expects. */
final class Expectations {
  private Expectations() {}

  /**
   * Measures every run, reports a line for each measure as a result, and keeps them in the record.
   *
   * @throws InputException if a measure differs by more than the tolerance
   */
  static void check(List<Expectation> expectations, Console console, RunRecord record) {
    Map<Path, Qrels> read = new HashMap<>();
    for (Expectation expectation : expectations) {
      Qrels qrels = read.computeIfAbsent(expectation.qrels(), Qrels::read);
      List<Measure> measures = List.copyOf(expectation.values().keySet());
      Evaluation evaluation = Evaluation.of(qrels, Run.read(expectation.run()), measures);
      expectation
          .values()
          .forEach((measure, expected) -> {
            MeasureRecord line =
                new MeasureRecord(
                    String.valueOf(expectation.run().getFileName()),
                    measure.toString(),
                    expected,
                    evaluation.mean(measure),
                    expectation.tolerance());
            record.add(line);
            console.result(described(line));
          });
    }
    record.write();
    List<MeasureRecord> wrong = record.measures().stream().filter(m -> !m.holds()).toList();
    if (!wrong.isEmpty()) {
      throw new InputException(
          "%d of %d measures are not as the recipe expects"
              .formatted(wrong.size(), record.measures().size()));
    }
  }

  private static String described(MeasureRecord measure) {
    return String.format(
        Locale.ROOT,
        "%s %s %.4f, expected %.4f ± %.4f: %s",
        measure.run(),
        measure.measure(),
        measure.measured(),
        measure.expected(),
        measure.tolerance(),
        measure.holds() ? "as expected" : "DIFFERS");
  }
}
