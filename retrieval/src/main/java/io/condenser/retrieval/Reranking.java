package io.condenser.retrieval;

import io.condenser.evaluation.Run;
import io.condenser.evaluation.ScoredPassage;
import io.condenser.model.RerankingModel;
import io.condenser.storage.InputException;
import io.condenser.text.PassageTokens;
import io.condenser.text.TokenPair;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Scores what a retriever found by a cross-encoder. Pairs are taken a window at a time and sorted
 * by length within it, so that batches hold little padding. A pair's score is the same in any
 * batch, but for rounding.
 */
public final class Reranking {
  private static final int WINDOW = 8192;

  private final RerankingModel model;
  private final Map<String, int[]> queries;
  private final PassageTokens passages;
  private final int tokensPerBatch;
  private final @Nullable ScoreCache cache;

  /**
   * A reranking.
   *
   * @param queries the model's tokens of each query by id
   * @param passages the model's tokens of the passages
   * @param tokensPerBatch rows × longest row of a batch is at most this, unless one row is longer
   * @param cache of scores that need not be computed again, or null
   */
  public Reranking(
      RerankingModel model,
      Map<String, int[]> queries,
      PassageTokens passages,
      int tokensPerBatch,
      @Nullable ScoreCache cache) {
    this.model = model;
    this.queries = queries;
    this.passages = passages;
    this.tokensPerBatch = tokensPerBatch;
    this.cache = cache;
  }

  /** A ranked passage on its way to its score. */
  private record Candidate(String query, String passage, TokenPair pair) {}

  /**
   * What became of a run.
   *
   * @param run the first ranks of each query, each passage with its logit as its score
   * @param computed pairs that the model scored
   * @param known pairs whose scores the cache knew
   */
  public record Reranked(Run run, long computed, long known) {}

  /**
   * Scores the first ranks of every query.
   *
   * @param depth ranks of each query, at least 1; passages below are left out
   * @param progress is told how many pairs have their scores
   * @throws InputException if the run names a query or a passage that is not known, or the model
   *     gives numbers that are not finite
   */
  public Reranked rerank(Run run, int depth, LongConsumer progress) {
    Scored scored = new Scored(progress);
    List<Candidate> window = new ArrayList<>();
    for (String query : run.queries()) {
      List<ScoredPassage> ranking = run.ranking(query);
      for (ScoredPassage ranked : ranking.subList(0, Math.min(depth, ranking.size()))) {
        window.add(candidate(query, ranked.id()));
        if (window.size() == WINDOW) {
          scored.add(window);
          window.clear();
        }
      }
    }
    scored.add(window);
    return new Reranked(scored.run.build(), scored.computed, scored.known);
  }

  private Candidate candidate(String query, String passage) {
    int[] asked = queries.get(query);
    if (asked == null) {
      throw new InputException(
          "the run ranks passages for query '%s', which is not among the queries; do they belong together?"
              .formatted(query));
    }
    int row = passages.row(passage);
    if (row < 0) {
      throw new InputException(
          "the run names passage '%s', which the corpus does not hold; do they belong together?"
              .formatted(passage));
    }
    return new Candidate(query, passage, model.pair(asked, passages.tokens(row)));
  }

  /** The new run as it grows. */
  private final class Scored {
    private final LongConsumer progress;
    private final Run.Builder run = new Run.Builder();
    private long computed;
    private long known;

    Scored(LongConsumer progress) {
      this.progress = progress;
    }

    void add(List<Candidate> window) {
      float[] scores = new float[window.size()];
      List<Integer> unknown = new ArrayList<>();
      for (int i = 0; i < scores.length; i++) {
        scores[i] = cache == null ? Float.NaN : cache.score(window.get(i).pair());
        if (Float.isNaN(scores[i])) {
          unknown.add(i);
        }
      }
      known += scores.length - unknown.size();
      unknown.sort(Comparator.comparingInt(i -> -window.get(i).pair().length()));
      for (int from = 0; from < unknown.size(); ) {
        // The first is the longest: it sets the width of the batch.
        int longest = window.get(unknown.get(from)).pair().length();
        int to = Math.min(unknown.size(), from + Math.max(1, tokensPerBatch / longest));
        compute(window, unknown.subList(from, to), scores);
        from = to;
      }
      for (int i = 0; i < scores.length; i++) {
        run.add(window.get(i).query(), window.get(i).passage(), scores[i]);
      }
    }

    private void compute(List<Candidate> window, List<Integer> batch, float[] scores) {
      List<TokenPair> pairs = batch.stream().map(i -> window.get(i).pair()).toList();
      float[] logits = model.score(pairs);
      for (int i = 0; i < logits.length; i++) {
        Candidate candidate = window.get(batch.get(i));
        requireFinite(candidate, logits[i]);
        scores[batch.get(i)] = logits[i];
      }
      if (cache != null) {
        cache.add(pairs, logits);
      }
      computed += logits.length;
      progress.accept(computed + known);
    }
  }

  private static void requireFinite(Candidate candidate, float logit) {
    if (!Float.isFinite(logit)) {
      throw new InputException(
          "the model's score of query '%s' and passage '%s' is not finite; its weights are damaged"
              .formatted(candidate.query(), candidate.passage()));
    }
  }
}
