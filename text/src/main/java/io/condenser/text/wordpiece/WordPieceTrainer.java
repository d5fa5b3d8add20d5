package io.condenser.text.wordpiece;

import io.condenser.storage.InputException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Learns a WordPiece vocabulary from text, as Hugging Face's trainer does: words become characters,
 * those that continue a word marked {@code ##}, and again and again the pair of neighbours that
 * occurs most often becomes a piece (byte-pair encoding, Sennrich et al. 2016, arXiv 1508.07909),
 * until the vocabulary is full or no pair is frequent enough. Of equally frequent pairs the one
 * whose parts are older wins: the same text gives the same vocabulary, whatever its order.
 *
 * <p>The vocabulary begins with the special tokens, then all characters in code point order, then
 * the pieces as they were found. Not safe for use by several threads.
 */
public final class WordPieceTrainer {
  /** The smallest vocabulary that can be asked for. */
  public static final int LEAST_SIZE = 100;

  private final int size;
  private final long minFrequency;
  private final Words words;
  private final Map<String, Count> counts = new HashMap<>();

  /** How often a word or a character occurs. */
  private static final class Count {
    private long value;
  }

  /**
   * A trainer.
   *
   * @param size pieces of the vocabulary at most, special tokens counted
   * @param minFrequency characters and pairs that occur less often are left out; at least 1
   * @throws InputException if {@code size} is below {@link #LEAST_SIZE} or {@code minFrequency}
   *     below 1
   */
  public WordPieceTrainer(Normalization normalization, int size, long minFrequency) {
    if (size < LEAST_SIZE) {
      throw new InputException(
          "a vocabulary of %d pieces; expected at least %d".formatted(size, LEAST_SIZE));
    }
    if (minFrequency < 1) {
      throw new InputException("min-frequency is %d; expected at least 1".formatted(minFrequency));
    }
    this.size = size;
    this.minFrequency = minFrequency;
    words = new Words(normalization);
  }

  /** Counts the words of a text. */
  public void add(String text) {
    words.over(text, 0, text.length());
    while (words.next()) {
      if (words.length() <= PieceTrie.MAX_WORD_CHARACTERS) { // longer ones are never split
        String word = new String(words.characters(), 0, words.length());
        counts.computeIfAbsent(word, w -> new Count()).value++;
      }
    }
  }

  /** Different words so far. */
  public int distinctWords() {
    return counts.size();
  }

  /**
   * The vocabulary of the texts added so far.
   *
   * @throws InputException if they hold no word
   */
  public List<String> vocabulary() {
    if (counts.isEmpty()) {
      throw new InputException("no word to learn a vocabulary from");
    }
    List<String> vocabulary = new ArrayList<>(TokenizerFiles.SPECIAL_TOKENS);
    NavigableSet<Integer> alphabet = alphabet();
    TreeMap<String, Count> known = new TreeMap<>(); // sorted: nothing depends on hash order
    counts.forEach((word, count) -> {
      if (word.codePoints().allMatch(alphabet::contains)) {
        known.put(word, count);
      }
    });
    alphabet.forEach(character -> vocabulary.add(Character.toString(character)));
    insideWords(known)
        .forEach(
            character -> vocabulary.add(PieceTrie.CONTINUATION + Character.toString(character)));
    PairMerger merger = new PairMerger(vocabulary);
    known.forEach((word, count) -> merger.add(word, count.value));
    merger.merge(size, minFrequency);
    return List.copyOf(vocabulary);
  }

  /**
   * The frequent characters, by code point. They take a third of the vocabulary at most, the most
   * frequent of them, since each may stand in it twice; words with others are unknown.
   */
  private NavigableSet<Integer> alphabet() {
    Map<Integer, Count> frequencies = new TreeMap<>();
    counts.forEach((word, count) ->
        word.codePoints()
            .forEach(c -> frequencies.computeIfAbsent(c, k -> new Count()).value += count.value));
    NavigableSet<Integer> alphabet = new TreeSet<>();
    frequencies.entrySet().stream()
        .filter(entry -> entry.getValue().value >= minFrequency)
        .sorted((a, b) -> Long.compare(b.getValue().value, a.getValue().value))
        .limit(size / 3)
        .forEach(entry -> alphabet.add(entry.getKey()));
    return alphabet;
  }

  private static NavigableSet<Integer> insideWords(Map<String, Count> known) {
    NavigableSet<Integer> inside = new TreeSet<>();
    known.keySet().forEach(word -> word.codePoints().skip(1).forEach(inside::add));
    return inside;
  }
}
