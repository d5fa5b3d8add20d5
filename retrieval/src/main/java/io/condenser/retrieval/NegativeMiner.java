package io.condenser.retrieval;

import io.condenser.evaluation.Qrels;
import io.condenser.evaluation.Run;
import io.condenser.evaluation.ScoredPassage;
import io.condenser.storage.InputException;
import io.condenser.text.CounterRandom;
import io.condenser.text.Negatives;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;

/**
 * Mines hard negatives from rankings of the training queries (coCondenser §4, after RocketQA and
 * ANCE): of the first {@code depth} ranks the passages that are not judged relevant, and of those a
 * sample. What is drawn for a query depends on the seed, its id and its ranking alone, not on the
 * other queries.
 *
 * @param depth ranks to draw from, 1 being the best; at least 1
 * @param sample negatives of each query, at least 1; fewer where there are not so many
 * @param seed of the draws
 */
public record NegativeMiner(int depth, int sample, long seed) {
  /** coCondenser's depth on MS MARCO. */
  public static final int DEPTH = 200;

  /** coCondenser's negatives a query on MS MARCO. */
  public static final int SAMPLE = 30;

  /** Keeps these draws independent of others under the same seed. */
  private static final long STREAM = 0x6d696e65; // "mine"

  public NegativeMiner {
    if (depth < 1) {
      throw new InputException("depth is %d; expected at least 1".formatted(depth));
    }
    if (sample < 1) {
      throw new InputException("sample is %d; expected at least 1".formatted(sample));
    }
  }

  /**
   * What was mined.
   *
   * @param negatives for each query that has any, in the order of the judgments
   * @param without queries judged to have a relevant passage, but left without any negative
   * @param relevantDropped ranked passages dropped because they are judged relevant
   * @param copiesDropped ranked passages dropped because they say the same as a relevant one
   */
  public record Mined(
      List<Negatives> negatives, int without, long relevantDropped, long copiesDropped) {
    public Mined {
      negatives = List.copyOf(negatives);
    }
  }

  /** Mines for every query with a relevant passage; others cannot be trained on. */
  public Mined mine(Qrels qrels, Run run) {
    return mine(qrels, run, (relevant, passage) -> false);
  }

  /**
   * Mines, and drops also passages that are a relevant one's copy: they are as relevant, though
   * nobody judged them.
   *
   * @param sameText whether its first, relevant passage says the same as its second; for example
   *     {@link JudgedPassages#sameText}
   */
  public Mined mine(Qrels qrels, Run run, BiPredicate<String, String> sameText) {
    return mine(qrels, run, sameText, (query, ranked) -> true);
  }

  /**
   * Mines, and asks about every passage that is left whether it is a negative.
   *
   * @param isNegative of a query's id and a ranked passage; asked once for each, in the order of
   *     the judgments and then of the ranks
   */
  Mined mine(
      Qrels qrels,
      Run run,
      BiPredicate<String, String> sameText,
      BiPredicate<String, ScoredPassage> isNegative) {
    List<Negatives> mined = new ArrayList<>();
    int without = 0;
    long relevantDropped = 0;
    long copiesDropped = 0;
    for (String query : qrels.queries()) {
      List<String> relevant =
          qrels.of(query).keySet().stream().filter(p -> qrels.isRelevant(query, p)).toList();
      if (relevant.isEmpty()) {
        continue;
      }
      List<String> candidates = new ArrayList<>();
      for (ScoredPassage ranked : candidates(run, query)) {
        if (qrels.isRelevant(query, ranked.id())) {
          relevantDropped++;
        } else if (relevant.stream().anyMatch(r -> sameText.test(r, ranked.id()))) {
          copiesDropped++;
        } else if (isNegative.test(query, ranked)) {
          candidates.add(ranked.id());
        }
      }
      if (candidates.isEmpty()) {
        without++;
      } else {
        mined.add(new Negatives(query, draw(query, candidates)));
      }
    }
    return new Mined(mined, without, relevantDropped, copiesDropped);
  }

  /** What users should know of a run that is not as deep as the ranks that are asked for. */
  public Optional<String> remark(Run run) {
    return run.depth() >= depth
        ? Optional.empty()
        : Optional.of(
            "the run has no more than %d passages a query; depth is %d"
                .formatted(run.depth(), depth));
  }

  /** The ranks that are drawn from. */
  List<ScoredPassage> candidates(Run run, String query) {
    List<ScoredPassage> ranking = run.ranking(query);
    return ranking.subList(0, Math.min(depth, ranking.size()));
  }

  /** A sample without replacement, in the order of the ranking. */
  private List<String> draw(String query, List<String> candidates) {
    CounterRandom random = CounterRandom.at(seed, STREAM, 0, hash(query));
    int[] order = IntStream.range(0, candidates.size()).toArray();
    int drawn = Math.min(sample, order.length);
    for (int i = 0; i < drawn; i++) { // the first steps of a Fisher–Yates shuffle
      int other = i + random.below(order.length - i, i);
      int swapped = order[i];
      order[i] = order[other];
      order[other] = swapped;
    }
    return IntStream.of(order).limit(drawn).sorted().mapToObj(candidates::get).toList();
  }

  private static long hash(String id) {
    return id.chars()
        .asLongStream()
        .reduce(id.length(), (hash, c) -> new CounterRandom(hash ^ c).bits(0));
  }
}
