package io.condenser.text;

import java.util.Arrays;

/**
 * Chooses which words of a row are to be predicted, and hides them (BERT's whole-word masking): a
 * word and its {@code ##} pieces go together, an ideograph is a word. Words are taken in random
 * order while they fit the budget of max(1, round(p × tokens)), special tokens not counted; one
 * that would pass it is skipped. Of the tokens taken 80 % become [MASK], 10 % a random piece, 10 %
 * stay.
 *
 * <p>A pure function of (seed, epoch, position); safe for use by several threads.
 */
public final class WholeWordMasks {
  /** BERT's share of tokens. */
  public static final double PROBABILITY = 0.15;

  private static final long STREAM = 0x6d61736b; // "mask"
  private static final double HIDDEN = 0.8;
  private static final double REPLACED = 0.1;

  private final WordPiece tokenizer;
  private final long seed;
  private final double probability;

  /**
   * Masks.
   *
   * @param probability share of tokens to be predicted, above 0 and at most 1
   */
  public WholeWordMasks(WordPiece tokenizer, long seed, double probability) {
    if (!(probability > 0 && probability <= 1)) {
      throw new IllegalArgumentException(
          "a share of %s tokens; expected above 0, at most 1".formatted(probability));
    }
    this.tokenizer = tokenizer;
    this.seed = seed;
    this.probability = probability;
  }

  /**
   * Masks a row, which is left as it is. A row of one or two words of many pieces each may have
   * none that fits the budget, and nothing to predict.
   *
   * @param row ids, special tokens included
   * @param epoch from 0
   * @param rowPosition the row's place in the epoch's order; no two rows have the same
   */
  public MaskedRow mask(int[] row, long epoch, long rowPosition) {
    CounterRandom random = CounterRandom.at(seed, STREAM, epoch, rowPosition);
    int[] words = words(row);
    int[] positions = choose(row, words, random);
    int[] ids = row.clone();
    int[] labels = new int[positions.length];
    for (int i = 0; i < positions.length; i++) {
      labels[i] = row[positions[i]];
      // Draws up to the number of words shuffled them; two more for each token.
      ids[positions[i]] = shown(labels[i], random, words.length + 2L * i);
    }
    return new MaskedRow(ids, positions, labels);
  }

  private int shown(int id, CounterRandom random, long draw) {
    double chance = random.uniform(draw);
    if (chance < HIDDEN) {
      return tokenizer.maskId();
    }
    return chance < HIDDEN + REPLACED ? random.below(tokenizer.size(), draw + 1) : id;
  }

  /** Where words begin, ascending. */
  private int[] words(int[] row) {
    int[] starts = new int[row.length];
    int count = 0;
    for (int column = 0; column < row.length; column++) {
      if (!isSpecial(row[column]) && !continues(row, column)) {
        starts[count++] = column;
      }
    }
    return Arrays.copyOf(starts, count);
  }

  /** Whether a token belongs to the word of the token before it. */
  private boolean continues(int[] row, int column) {
    return tokenizer.isContinuation(row[column]) && column > 0 && !isSpecial(row[column - 1]);
  }

  private int[] choose(int[] row, int[] words, CounterRandom random) {
    int[] order = words.clone();
    int budget = budget(row);
    int[] chosen = new int[budget];
    int count = 0;
    for (int i = 0; i < order.length && count < budget; i++) {
      int other = i + random.below(order.length - i, i);
      int start = order[other];
      order[other] = order[i];
      int end = start + 1;
      while (end < row.length && continues(row, end)) {
        end++;
      }
      if (count + end - start <= budget) {
        for (int column = start; column < end; column++) {
          chosen[count++] = column;
        }
      }
    }
    int[] positions = Arrays.copyOf(chosen, count);
    Arrays.sort(positions);
    return positions;
  }

  private int budget(int[] row) {
    long tokens = Arrays.stream(row).filter(id -> !isSpecial(id)).count();
    return (int) Math.max(1, Math.round(probability * tokens));
  }

  private boolean isSpecial(int id) {
    return id == tokenizer.clsId()
        || id == tokenizer.sepId()
        || id == tokenizer.padId()
        || id == tokenizer.maskId();
  }
}
