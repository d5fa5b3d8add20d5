package io.condenser.benchmarks;

import io.condenser.text.CounterRandom;
import io.condenser.text.Passage;
import io.condenser.text.WordPiece;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Texts of as many tokens as wanted, in a vocabulary of BERT's size whose words are one piece each.
 */
final class SyntheticText {
  private static final List<String> SPECIALS =
      List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");
  private static final int VOCABULARY = 30522;
  private static final int SPECIALS_OF_A_TEXT = 2;

  private SyntheticText() {}

  static WordPiece tokenizer() {
    List<String> pieces = new ArrayList<>(SPECIALS);
    while (pieces.size() < VOCABULARY) {
      pieces.add("w" + pieces.size());
    }
    return WordPiece.of(pieces, true);
  }

  /** A passage of so many tokens, see {@link #text}. */
  static Passage passage(int tokens, int number) {
    return new Passage("p" + number, "", text(tokens, number), null, List.of());
  }

  /** Ids of a text of so many tokens, all of them words. */
  static int[] tokens(int count) {
    CounterRandom random = CounterRandom.at(2, 0, 0, count);
    return IntStream.range(0, count)
        .map(i -> SPECIALS.size() + random.below(VOCABULARY - SPECIALS.size(), i))
        .toArray();
  }

  /**
   * A text.
   *
   * @param tokens with [CLS] and [SEP], at least 3
   */
  static String text(int tokens, long number) {
    CounterRandom random = CounterRandom.at(1, 0, 0, number);
    return IntStream.range(0, tokens - SPECIALS_OF_A_TEXT)
        .mapToObj(i -> "w" + (SPECIALS.size() + random.below(VOCABULARY - SPECIALS.size(), i)))
        .collect(Collectors.joining(" "));
  }
}
