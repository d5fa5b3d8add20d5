package io.condenser.text.wordpiece;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Joins the most frequent pair of neighbouring pieces, again and again. Counts are kept up to date
 * by revisiting only the words that hold the joined pair; the queue is put right lazily, since a
 * pair's count only falls once the pair is known.
 */
final class PairMerger {
  private final List<String> vocabulary;
  private final Map<String, Integer> ids = new HashMap<>();
  private final List<int[]> words = new ArrayList<>();
  private final List<Long> frequencies = new ArrayList<>();
  private final Map<Long, Pair> pairs = new HashMap<>();
  private final PriorityQueue<Candidate> queue =
      new PriorityQueue<>(
          Comparator.comparingLong(Candidate::count)
              .reversed()
              .thenComparingLong(candidate -> candidate.pair().key));

  /** Two neighbours: how often they stand together, and the words that (once) held them. */
  private static final class Pair {
    private final long key; // left id << 32 | right id
    private long count;
    private int[] words = new int[2];
    private int held;

    Pair(long key) {
      this.key = key;
    }

    void heldBy(int word) {
      if (held > 0 && words[held - 1] == word) {
        return;
      }
      if (held == words.length) {
        words = Arrays.copyOf(words, 2 * held);
      }
      words[held++] = word;
    }
  }

  /** A pair with the count it had when it was queued. */
  private record Candidate(Pair pair, long count) {}

  /** Works on a vocabulary of single characters, which it will grow. */
  PairMerger(List<String> vocabulary) {
    this.vocabulary = vocabulary;
    for (int id = 0; id < vocabulary.size(); id++) {
      ids.put(vocabulary.get(id), id);
    }
  }

  /** Adds a word whose characters are all in the vocabulary. */
  void add(String word, long frequency) {
    int[] pieces = word.codePoints().map(this::continuation).toArray();
    pieces[0] = id(Character.toString(word.codePointAt(0)));
    words.add(pieces);
    frequencies.add(frequency);
  }

  private int continuation(int character) {
    // The first character of a word may have no such piece; it is overwritten.
    return ids.getOrDefault(PieceTrie.CONTINUATION + Character.toString(character), 0);
  }

  private int id(String piece) {
    Integer id = ids.get(piece);
    if (id == null) {
      throw new IllegalStateException("no piece " + piece);
    }
    return id;
  }

  /** Joins pairs until the vocabulary has {@code size} pieces or no pair is frequent enough. */
  void merge(int size, long minFrequency) {
    for (int word = 0; word < words.size(); word++) {
      count(word, 1);
    }
    pairs.values().forEach(this::enqueue);
    while (vocabulary.size() < size && !queue.isEmpty()) {
      Candidate best = queue.remove();
      if (best.count() < minFrequency) {
        return;
      }
      if (best.count() == best.pair().count) {
        join(best.pair());
      } else {
        enqueue(best.pair());
      }
    }
  }

  private void enqueue(Pair pair) {
    if (pair.count > 0) {
      queue.add(new Candidate(pair, pair.count));
    }
  }

  private void join(Pair pair) {
    int left = (int) (pair.key >>> 32);
    int right = (int) pair.key;
    String continuation = vocabulary.get(right).substring(PieceTrie.CONTINUATION.length());
    int joined = addPiece(vocabulary.get(left) + continuation);
    Map<Long, Pair> fresh = new HashMap<>();
    for (int i = 0; i < pair.held; i++) {
      int word = pair.words[i];
      int[] shorter = joined(words.get(word), left, right, joined);
      if (shorter.length < words.get(word).length) {
        count(word, -1);
        words.set(word, shorter);
        count(word, 1);
        collect(shorter, joined, fresh);
      }
    }
    fresh.values().forEach(this::enqueue);
  }

  /** The same piece may come from several pairs: {@code ab + ##c} and {@code a + ##bc}. */
  private int addPiece(String piece) {
    Integer known = ids.putIfAbsent(piece, vocabulary.size());
    if (known != null) {
      return known;
    }
    vocabulary.add(piece);
    return vocabulary.size() - 1;
  }

  private static int[] joined(int[] pieces, int left, int right, int joined) {
    int[] shorter = new int[pieces.length];
    int count = 0;
    for (int i = 0; i < pieces.length; i++) {
      boolean here = pieces[i] == left && i + 1 < pieces.length && pieces[i + 1] == right;
      shorter[count++] = here ? joined : pieces[i];
      i += here ? 1 : 0;
    }
    return count == pieces.length ? pieces : Arrays.copyOf(shorter, count);
  }

  /** Adds a word's pairs to the counts, or takes them away. */
  private void count(int word, int sign) {
    int[] pieces = words.get(word);
    long frequency = sign * frequencies.get(word);
    for (int i = 1; i < pieces.length; i++) {
      Pair pair = pairs.computeIfAbsent(key(pieces[i - 1], pieces[i]), Pair::new);
      pair.count += frequency;
      if (sign > 0) {
        pair.heldBy(word);
      }
    }
  }

  /** The pairs of a word that have the new piece in them: only their counts have grown. */
  private void collect(int[] pieces, int joined, Map<Long, Pair> fresh) {
    for (int i = 1; i < pieces.length; i++) {
      if (pieces[i - 1] == joined || pieces[i] == joined) {
        long key = key(pieces[i - 1], pieces[i]);
        Pair pair = pairs.get(key);
        if (pair != null) {
          fresh.put(key, pair);
        }
      }
    }
  }

  private static long key(int left, int right) {
    return ((long) left << 32) | right;
  }
}
