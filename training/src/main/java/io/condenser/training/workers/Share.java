package io.condenser.training.workers;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Which rows of a step's batch each worker takes, the same on all of them. Gathered rows stand
 * worker by worker: {@code order} says which row of the batch each of them is.
 *
 * @param order {@code [R]} rows of the batch in the order in which they are gathered
 * @param sizes {@code [worker]} how many rows each takes, in their order
 * @param rank this worker's number
 */
public record Share(int[] order, int[] sizes, int rank) {
  /** All rows, in their own order. */
  public static Share whole(int rows) {
    return new Share(IntStream.range(0, rows).toArray(), new int[] {rows}, 0);
  }

  /**
   * Deals rows out by falling size, there and back again, so that the workers' sums are about
   * equal; the rows of each then stand in the order of the batch.
   *
   * @param sizes {@code [R]} of each row, e.g. its tokens
   * @param workers of which each gets at least one row
   * @throws IllegalArgumentException if there are fewer rows than workers
   */
  static Share deal(int[] sizes, int workers, int rank) {
    if (sizes.length < workers) {
      throw new IllegalArgumentException("%d rows for %d workers".formatted(sizes.length, workers));
    }
    int[] falling =
        IntStream.range(0, sizes.length)
            .boxed()
            .sorted(Comparator.comparingInt(row -> -sizes[row]))
            .mapToInt(Integer::intValue)
            .toArray();
    int[][] hands =
        IntStream.range(0, workers)
            .mapToObj(worker -> hand(falling, workers, worker))
            .toArray(int[][]::new);
    return new Share(
        Arrays.stream(hands).flatMapToInt(Arrays::stream).toArray(),
        Arrays.stream(hands).mapToInt(hand -> hand.length).toArray(),
        rank);
  }

  private static int[] hand(int[] falling, int workers, int worker) {
    return IntStream.range(0, falling.length)
        .filter(at -> dealtTo(at, workers) == worker)
        .map(at -> falling[at])
        .sorted()
        .toArray();
  }

  private static int dealtTo(int at, int workers) {
    int turn = at % workers;
    return at / workers % 2 == 0 ? turn : workers - 1 - turn;
  }

  /** The place of this worker's first row among the gathered ones. */
  public int from() {
    return Arrays.stream(sizes, 0, rank).sum();
  }

  /** How many rows are this worker's. */
  public int size() {
    return sizes[rank];
  }

  /** This worker's rows of the batch. */
  public int[] own() {
    return Arrays.copyOfRange(order, from(), from() + size());
  }

  /** Rows of the whole batch. */
  public int rows() {
    return order.length;
  }

  /** The most rows that any worker takes. */
  int most() {
    return Arrays.stream(sizes).max().orElse(0);
  }

  /** {@code [R]} where each row of the batch stands among the gathered ones. */
  public int[] places() {
    int[] places = new int[order.length];
    for (int place = 0; place < order.length; place++) {
      places[order[place]] = place;
    }
    return places;
  }
}
