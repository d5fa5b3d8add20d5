package io.condenser.cli.ablation;

import io.condenser.cli.recipe.Recipe;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A cell with one seed: the recipe with their variables.
 *
 * @param recipe its paths are those that the recipe writes, before equal work is shared
 * @param wanted what it is run for
 */
public record Trial(Cell cell, long seed, Recipe recipe, Wanted wanted) {

  /**
   * Files that an ablation needs in the end, written by a stage or there before.
   *
   * @param run the ranking that is measured
   * @param qrels the judgments to measure it by
   * @param trainingQrels judgments that were learnt from, to count their queries, or null
   * @param queries what the queries say, or null
   * @param corpus what the passages say, or null
   */
  public record Wanted(
      Path run,
      Path qrels,
      @Nullable Path trainingQrels,
      @Nullable Path queries,
      @Nullable Path corpus) {
    /** The same files elsewhere. */
    Wanted moved(UnaryOperator<Path> move) {
      return new Wanted(
          move.apply(run),
          move.apply(qrels),
          trainingQrels == null ? null : move.apply(trainingQrels),
          queries == null ? null : move.apply(queries),
          corpus == null ? null : move.apply(corpus));
    }

    List<Path> all() {
      return Stream.of(run, qrels, trainingQrels, queries, corpus)
          .filter(Objects::nonNull)
          .toList();
    }
  }

  /** For people. */
  String name() {
    return "%s, seed %d".formatted(cell.name(), seed);
  }
}
