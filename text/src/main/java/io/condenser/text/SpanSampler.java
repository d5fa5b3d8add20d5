package io.condenser.text;

/**
 * Draws what a model is pre-trained on from a token store: pairs of spans of one document, or
 * single spans. Each epoch goes through all of them once, in an order of its own. Everything is a
 * pure function of (seed, epoch, position); safe for use by several threads.
 */
public final class SpanSampler {
  // Streams of random numbers, independent of each other and of those of other classes.
  private static final long DOCUMENT_ORDER = 0x6f726465; // "orde"
  private static final long SPAN_ORDER = 0x6f726473; // "ords"
  private static final long PAIR = 0x70616972; // "pair"
  private static final long WINDOW = 0x77696e64; // "wind"

  private final TokenStore store;
  private final int maxLength;
  private final long seed;
  private final int clsId;
  private final int sepId;

  /**
   * A sampler.
   *
   * @param maxLength longest row, [CLS] and [SEP] counted; of a longer span a row shows one random
   *     window
   */
  public SpanSampler(TokenStore store, WordPiece tokenizer, int maxLength, long seed) {
    if (maxLength <= Packing.SPECIALS) {
      throw new IllegalArgumentException("a row of " + maxLength + " tokens has no room for text");
    }
    this.store = store;
    this.maxLength = maxLength;
    this.seed = seed;
    clsId = tokenizer.clsId();
    sepId = tokenizer.sepId();
  }

  /** Pairs in an epoch: one for each document of at least two spans. */
  public long pairs() {
    return store.pairedDocuments();
  }

  /** Sequences in an epoch: one for each span. */
  public long sequences() {
    return store.spans();
  }

  /**
   * Two different random spans of one document.
   *
   * @param epoch from 0
   * @param position place in the epoch's order, from 0 to before {@link #pairs()}
   * @return two rows, [CLS] … [SEP]
   */
  public int[][] pair(long epoch, long position) {
    long place = order(store.pairedDocuments(), DOCUMENT_ORDER, epoch).at(position);
    TokenStore.Spans spans = store.spansOf(store.pairedDocument(place));
    CounterRandom random = CounterRandom.at(seed, PAIR, epoch, position);
    int first = random.below(spans.count(), 0);
    int other = random.below(spans.count() - 1, 1);
    int second = other < first ? other : other + 1;
    return new int[][] {
      row(spans.first() + first, random, 2), row(spans.first() + second, random, 3)
    };
  }

  /**
   * One span.
   *
   * @param epoch from 0
   * @param position place in the epoch's order, from 0 to before {@link #sequences()}
   * @return a row, [CLS] … [SEP]
   */
  public int[] sequence(long epoch, long position) {
    long span = order(store.spans(), SPAN_ORDER, epoch).at(position);
    return row(span, CounterRandom.at(seed, WINDOW, epoch, position), 0);
  }

  private Permutation order(long size, long stream, long epoch) {
    return new Permutation(size, CounterRandom.at(seed, stream, epoch, 0));
  }

  private int[] row(long span, CounterRandom random, long draw) {
    int[] ids = store.tokens(span);
    int length = Math.min(ids.length, maxLength - Packing.SPECIALS);
    int from = random.below(ids.length - length + 1, draw);
    int[] row = new int[length + Packing.SPECIALS];
    row[0] = clsId;
    System.arraycopy(ids, from, row, 1, length);
    row[length + 1] = sepId;
    return row;
  }
}
