package io.condenser.retrieval;

import io.condenser.evaluation.RankingOrder;
import java.nio.FloatBuffer;
import java.util.function.IntFunction;

/**
 * The k best of many scored rows, in {@link RankingOrder}: a binary heap with the worst of them at
 * its root, so that most rows cost one comparison.
 */
public final class TopK {
  private final float[] scores; // [k], a heap
  private final int[] rows; // [k]
  private final IntFunction<String> ids;
  private int size;

  /**
   * @param k at most so many are kept, at least 1
   * @param ids the id of a row; asked where scores tie
   */
  public TopK(int k, IntFunction<String> ids) {
    this.scores = new float[k];
    this.rows = new int[k];
    this.ids = ids;
  }

  /**
   * Keeps those rows that are among the best so far.
   *
   * @param firstRow row of the first score
   * @param scores read from {@code from} (inclusive) to {@code to} (exclusive)
   */
  public void offer(int firstRow, FloatBuffer scores, int from, int to) {
    float least = least();
    for (int i = from; i < to; i++) {
      float score = scores.get(i);
      if (score >= least) {
        offer(firstRow + i - from, score);
        least = least();
      }
    }
  }

  /** Keeps a row if it is among the best so far. */
  public void offer(int row, float product) {
    float score = product + 0f; // a library's −0 ties with 0
    if (size < scores.length) {
      siftUp(size++, row, score);
    } else if (score >= scores[0] && ranksBefore(score, row, scores[0], rows[0])) {
      siftDown(row, score);
    }
  }

  /** What a score must reach to be kept. */
  float least() {
    return size < scores.length ? Float.NEGATIVE_INFINITY : scores[0];
  }

  /** Number of rows kept. */
  public int size() {
    return size;
  }

  /** A kept row, 0 ≤ {@code i} &lt; size, in no order. */
  public int row(int i) {
    return rows[i];
  }

  /** The score of {@link #row}. */
  public float score(int i) {
    return scores[i];
  }

  private boolean ranksBefore(float scoreA, int rowA, float scoreB, int rowB) {
    return scoreA == scoreB
        ? RankingOrder.compare(scoreA, ids.apply(rowA), scoreB, ids.apply(rowB)) < 0
        : scoreA > scoreB;
  }

  private void siftUp(int hole, int row, float score) {
    int at = hole;
    while (at > 0) {
      int parent = (at - 1) / 2;
      if (!ranksBefore(scores[parent], rows[parent], score, row)) {
        break;
      }
      move(parent, at);
      at = parent;
    }
    put(at, row, score);
  }

  private void siftDown(int row, float score) {
    int at = 0;
    for (int child = 1; child < size; child = 2 * at + 1) {
      int right = child + 1;
      if (right < size && ranksBefore(scores[child], rows[child], scores[right], rows[right])) {
        child = right;
      }
      if (!ranksBefore(score, row, scores[child], rows[child])) {
        break;
      }
      move(child, at);
      at = child;
    }
    put(at, row, score);
  }

  private void move(int from, int to) {
    put(to, rows[from], scores[from]);
  }

  private void put(int at, int row, float score) {
    rows[at] = row;
    scores[at] = score;
  }
}
