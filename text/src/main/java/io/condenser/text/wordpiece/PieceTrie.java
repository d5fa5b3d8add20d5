package io.condenser.text.wordpiece;

import java.util.Arrays;
import java.util.List;

/**
 * The vocabulary as two tries, one of pieces that begin a word and one of those that continue it
 * ({@code ##}), in one open-addressing hash table from (node, character) to node. Splits a word
 * into its longest pieces, greedily from the left, as WordPiece does (Wu et al. 2016, arXiv
 * 1609.08144).
 */
public final class PieceTrie {
  /** What marks a piece that continues a word. */
  public static final String CONTINUATION = "##";

  /** Longer words, in characters (not UTF-16 units), are unknown as a whole. */
  public static final int MAX_WORD_CHARACTERS = 100;

  private static final int WORD_ROOT = 0;
  private static final int CONTINUATION_ROOT = 1;
  private static final int NONE = -1;

  // Key (node + 1) << 16 | character, 0 where free; the table is at most half full.
  private long[] keys = new long[1 << 16];
  private int[] children = new int[1 << 16];
  private int shift = Long.SIZE - 16;
  private int[] pieces = {NONE, NONE};
  private int nodes = 2;

  /** A trie of all pieces of a vocabulary; of equal pieces the last counts. */
  public PieceTrie(List<String> vocabulary) {
    for (int id = 0; id < vocabulary.size(); id++) {
      String piece = vocabulary.get(id);
      // A word "##x" cannot occur in text, '#' being punctuation, so such a piece has one place.
      boolean continues = piece.startsWith(CONTINUATION) && piece.length() > CONTINUATION.length();
      int node =
          continues
              ? addPath(CONTINUATION_ROOT, piece, CONTINUATION.length())
              : addPath(WORD_ROOT, piece, 0);
      pieces[node] = id;
    }
  }

  private int addPath(int root, String piece, int from) {
    int node = root;
    for (int i = from; i < piece.length(); i++) {
      int child = child(node, piece.charAt(i));
      node = child == NONE ? addChild(node, piece.charAt(i)) : child;
    }
    return node;
  }

  private int addChild(int node, char character) {
    if (2 * (nodes + 1) > keys.length) {
      grow();
    }
    if (nodes == pieces.length) {
      pieces = Arrays.copyOf(pieces, 2 * nodes);
    }
    pieces[nodes] = NONE;
    put(key(node, character), nodes);
    return nodes++;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldChildren = children;
    keys = new long[2 * oldKeys.length];
    children = new int[keys.length];
    shift--;
    for (int slot = 0; slot < oldKeys.length; slot++) {
      if (oldKeys[slot] != 0) {
        put(oldKeys[slot], oldChildren[slot]);
      }
    }
  }

  private void put(long key, int child) {
    int slot = slot(key);
    while (keys[slot] != 0) {
      slot = (slot + 1) & (keys.length - 1);
    }
    keys[slot] = key;
    children[slot] = child;
  }

  private int child(int node, char character) {
    long key = key(node, character);
    int slot = slot(key);
    while (keys[slot] != key) {
      if (keys[slot] == 0) {
        return NONE;
      }
      slot = (slot + 1) & (keys.length - 1);
    }
    return children[slot];
  }

  private static long key(int node, char character) {
    return ((long) (node + 1) << 16) | character;
  }

  /** Fibonacci hashing: the high bits of a product with 2^64 / golden ratio. */
  private int slot(long key) {
    return (int) ((key * 0x9E3779B97F4A7C15L) >>> shift);
  }

  /**
   * Writes the ids of a word's pieces to {@code ids} from {@code at} on, which must have room for
   * {@code length} of them.
   *
   * @return how many; 0 if the word has no pieces or is too long, and is unknown
   */
  public int split(char[] word, int length, int[] ids, int at) {
    if (length > MAX_WORD_CHARACTERS
        && Character.codePointCount(word, 0, length) > MAX_WORD_CHARACTERS) {
      return 0;
    }
    int count = 0;
    for (int from = 0; from < length; ) {
      int node = from == 0 ? WORD_ROOT : CONTINUATION_ROOT;
      int piece = NONE;
      int pieceEnd = from;
      for (int to = from; to < length; ) {
        node = child(node, word[to++]);
        if (node == NONE) {
          break;
        }
        if (pieces[node] != NONE) {
          piece = pieces[node];
          pieceEnd = to;
        }
      }
      if (piece == NONE) {
        return 0;
      }
      ids[at + count++] = piece;
      from = pieceEnd;
    }
    return count;
  }
}
