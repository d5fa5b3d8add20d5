package io.condenser.evaluation;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.RandomAccess;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A ranking as two arrays, 8 bytes a passage where a list of records takes 28. */
final class Ranking extends AbstractList<ScoredPassage> implements RandomAccess {
  private final String[] ids; // [N], best first
  private final float[] scores; // [N]

  private Ranking(String[] ids, float[] scores) {
    this.ids = ids;
    this.scores = scores;
  }

  @Override
  public ScoredPassage get(int index) {
    return new ScoredPassage(ids[index], scores[index]);
  }

  @Override
  public int size() {
    return ids.length;
  }

  /** Collects the passages of one query in any order. */
  static final class Builder {
    private String[] ids = new String[16];
    private float[] scores = new float[16];
    private int size;

    void add(String id, float score) {
      if (size == ids.length) {
        ids = Arrays.copyOf(ids, 2 * size);
        scores = Arrays.copyOf(scores, 2 * size);
      }
      ids[size] = id;
      scores[size++] = score;
    }

    /** A passage that was added twice, or null. */
    @Nullable String duplicate() {
      Set<String> seen = HashSet.newHashSet(size);
      for (int i = 0; i < size; i++) {
        if (!seen.add(ids[i])) {
          return ids[i];
        }
      }
      return null;
    }

    Ranking build() {
      ScoredPassage[] sorted = new ScoredPassage[size];
      Arrays.setAll(sorted, i -> new ScoredPassage(ids[i], scores[i]));
      Arrays.sort(sorted, RankingOrder.INSTANCE);
      String[] sortedIds = new String[size];
      float[] sortedScores = new float[size];
      for (int i = 0; i < size; i++) {
        sortedIds[i] = sorted[i].id();
        sortedScores[i] = sorted[i].score();
      }
      return new Ranking(sortedIds, sortedScores);
    }
  }
}
