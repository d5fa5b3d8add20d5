package io.condenser.retrieval;

import io.condenser.evaluation.Run;
import io.condenser.evaluation.ScoredPassage;
import io.condenser.model.RerankingModel;
import io.condenser.storage.InputException;
import io.condenser.text.PassageTokens;
import io.condenser.text.TokenPair;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Scores what a retriever found by a cross-encoder. Pairs are taken a window at a time and sorted
 * by length within it, so that batches hold little padding; a pair that comes twice in it is scored
 * once. A pair's score is the same in any batch, but for rounding.
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
  private record Candidate(String query, String passage, TokenPair pair, long key) {}

  /**
   * What became of a run.
   *
   * @param run the first ranks of each query, each passage with its logit as its score
   * @param computed pairs that the model scored
   * @param known pairs whose scores were known, from the cache or from a pair of the same tokens
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
    requireKnown(run, depth);
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

  /** Looks at all before the first is scored. */
  private void requireKnown(Run run, int depth) {
    for (String query : run.queries()) {
      if (!queries.containsKey(query)) {
        throw new InputException(
            "the run ranks passages for query '%s', which is not among the queries; do they belong together?"
                .formatted(query));
      }
      run.ranking(query).stream()
          .limit(depth)
          .filter(ranked -> passages.row(ranked.id()) < 0)
          .findFirst()
          .ifPresent(ranked -> {
            throw new InputException(
                "the run names passage '%s', which the corpus does not hold; do they belong together?"
                    .formatted(ranked.id()));
          });
    }
  }

  private Candidate candidate(String query, String passage) {
    int[] asked = Objects.requireNonNull(queries.get(query));
    TokenPair pair = model.pair(asked, passages.tokens(passages.row(passage)));
    return new Candidate(query, passage, pair, ScoreCache.key(pair));
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
      Map<Long, Float> scores = HashMap.newHashMap(window.size());
      Map<Long, TokenPair> unknown = new LinkedHashMap<>();
      for (Candidate candidate : window) {
        float score = cache == null ? Float.NaN : cache.score(candidate.pair());
        if (Float.isNaN(score)) {
          unknown.put(candidate.key(), candidate.pair());
        } else {
          scores.put(candidate.key(), score);
        }
      }
      known += window.size() - unknown.size();
      compute(new ArrayList<>(unknown.values()), scores);
      progress.accept(computed + known);
      for (Candidate candidate : window) {
        run.add(candidate.query(), candidate.passage(), finite(candidate, scores));
      }
    }

    private void compute(List<TokenPair> pairs, Map<Long, Float> scores) {
      pairs.sort(Comparator.comparingInt((TokenPair pair) -> pair.length()).reversed());
      for (int from = 0; from < pairs.size(); ) {
        // The first is the longest: it sets the width of the batch.
        int fitting = Math.max(1, tokensPerBatch / pairs.get(from).length());
        List<TokenPair> batch = pairs.subList(from, Math.min(pairs.size(), from + fitting));
        float[] logits = model.score(batch);
        for (int i = 0; i < logits.length; i++) {
          scores.put(ScoreCache.key(batch.get(i)), logits[i]);
        }
        if (cache != null) {
          cache.add(batch, logits);
        }
        from += batch.size();
        computed += batch.size();
        progress.accept(computed + known);
      }
    }
  }

  private static float finite(Candidate candidate, Map<Long, Float> scores) {
    float logit = scores.getOrDefault(candidate.key(), Float.NaN);
    if (!Float.isFinite(logit)) {
      throw new InputException(
          "the model's score of query '%s' and passage '%s' is not finite; its weights are damaged"
              .formatted(candidate.query(), candidate.passage()));
    }
    return logit;
  }
}
