package io.condenser.text;

import io.condenser.storage.Fingerprint;
import io.condenser.storage.InputException;
import io.condenser.text.wordpiece.Normalization;
import io.condenser.text.wordpiece.PieceTrie;
import io.condenser.text.wordpiece.TokenizerFiles;
import io.condenser.text.wordpiece.Words;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * BERT's tokenizer: text to ids of word pieces, the same ids as Hugging Face's for every text.
 * Immutable and safe for use by several threads.
 *
 * <p>A special token that stands in a text by its name, such as {@code [SEP]}, becomes that token,
 * as it does there.
 */
public final class WordPiece {
  private static final int CLS = 1;
  private static final int SEP = 1;

  private final List<String> vocabulary;
  private final Normalization normalization;
  private final PieceTrie trie;
  private final int[] specialIds;
  private final boolean[] continuation;
  private final String fingerprint;

  private WordPiece(String where, TokenizerFiles files) {
    vocabulary = files.vocabulary();
    normalization = files.normalization();
    trie = new PieceTrie(vocabulary);
    continuation = new boolean[vocabulary.size()];
    for (int id = 0; id < continuation.length; id++) {
      String piece = vocabulary.get(id);
      continuation[id] = piece.length() > 2 && piece.startsWith(PieceTrie.CONTINUATION);
    }
    specialIds = new int[TokenizerFiles.SPECIAL_TOKENS.size()];
    for (int i = 0; i < specialIds.length; i++) {
      String token = TokenizerFiles.SPECIAL_TOKENS.get(i);
      specialIds[i] = vocabulary.lastIndexOf(token);
      if (specialIds[i] < 0) {
        throw new InputException(
            "%s: the vocabulary of %d pieces has no %s; expected the vocabulary of a BERT model"
                .formatted(where, vocabulary.size(), token));
      }
    }
    fingerprint =
        new Fingerprint()
            .add("normalization", normalization.toString())
            .add("vocabulary", String.join("\n", vocabulary))
            .hex();
  }

  /**
   * Opens the tokenizer of a model folder: {@code vocab.txt} or {@code tokenizer.json}, and the
   * settings in {@code tokenizer_config.json} where there is one.
   *
   * @throws InputException if there is none, or it is not a BERT tokenizer
   */
  public static WordPiece open(Path modelDirectory) {
    return new WordPiece(modelDirectory.toString(), TokenizerFiles.read(modelDirectory));
  }

  /**
   * A tokenizer over a vocabulary whose pieces stand in the order of their ids, with BERT's rules;
   * accents are stripped where upper case is lowered.
   *
   * @throws InputException if a special token is missing
   */
  public static WordPiece of(List<String> vocabulary, boolean lowerCase) {
    return new WordPiece(
        "vocabulary", new TokenizerFiles(vocabulary, Normalization.bert(lowerCase)));
  }

  /** The files that {@link #save} writes. */
  public static List<Path> files(Path modelDirectory) {
    return TokenizerFiles.in(modelDirectory);
  }

  /**
   * Writes {@link #files} of this tokenizer into a model folder; Hugging Face's slow and fast
   * tokenizers load them.
   */
  public void save(Path modelDirectory) {
    new TokenizerFiles(vocabulary, normalization).write(modelDirectory);
  }

  /** Pieces of a text, without special tokens. */
  public int[] encode(String text) {
    return pieces(text, Integer.MAX_VALUE).toArray();
  }

  /**
   * [CLS] text [SEP], cut to {@code maxLength} tokens.
   *
   * @throws IllegalArgumentException if {@code maxLength} is below 2
   */
  public int[] encode(String text, int maxLength) {
    return withSpecials(pieces(text, checked(maxLength, CLS + SEP)));
  }

  /**
   * [CLS] first [SEP] second [SEP], the second cut first, then the first.
   *
   * @throws IllegalArgumentException if {@code maxLength} is below 3
   */
  public int[] encode(String first, String second, int maxLength) {
    int room = checked(maxLength, CLS + 2 * SEP);
    Ids ids = pieces(first, room);
    return withSpecials(ids, pieces(second, room - ids.count));
  }

  private static int checked(int maxLength, int specials) {
    if (maxLength < specials) {
      throw new IllegalArgumentException(
          "a length of %d has no room for %d special tokens".formatted(maxLength, specials));
    }
    return maxLength - specials;
  }

  private int[] withSpecials(Ids... texts) {
    int length = CLS + Arrays.stream(texts).mapToInt(ids -> ids.count + SEP).sum();
    int[] sequence = new int[length];
    int at = 0;
    sequence[at++] = clsId();
    for (Ids ids : texts) {
      System.arraycopy(ids.values, 0, sequence, at, ids.count);
      at += ids.count;
      sequence[at++] = sepId();
    }
    return sequence;
  }

  /** The first {@code limit} pieces of a text. */
  private Ids pieces(String text, int limit) {
    Ids ids = new Ids(text.length());
    Words words = new Words(normalization);
    int from = 0;
    while (from < text.length() && ids.count < limit) {
      int special = nextSpecial(text, from);
      int to = special < 0 ? text.length() : text.indexOf(specialToken(special), from);
      appendPieces(words.over(text, from, to), ids, limit);
      from = to;
      if (special >= 0) {
        ids.append(specialIds[special]);
        from += specialToken(special).length();
      }
    }
    ids.count = Math.min(ids.count, limit);
    return ids;
  }

  private void appendPieces(Words words, Ids ids, int limit) {
    while (ids.count < limit && words.next()) {
      ids.reserve(words.length());
      int count = trie.split(words.characters(), words.length(), ids.values, ids.count);
      ids.count += count;
      if (count == 0) {
        ids.append(unknownId());
      }
    }
  }

  private static String specialToken(int special) {
    return TokenizerFiles.SPECIAL_TOKENS.get(special);
  }

  /** Which special token occurs next in a text, -1 if none does. */
  private static int nextSpecial(String text, int from) {
    int bracket = text.indexOf('[', from);
    while (bracket >= 0) {
      for (int i = 0; i < TokenizerFiles.SPECIAL_TOKENS.size(); i++) {
        if (text.startsWith(specialToken(i), bracket)) {
          return i;
        }
      }
      bracket = text.indexOf('[', bracket + 1);
    }
    return -1;
  }

  /** Number of pieces. */
  public int size() {
    return vocabulary.size();
  }

  /** The pieces in order of their ids. */
  public List<String> vocabulary() {
    return vocabulary;
  }

  /** A piece by its id. */
  public String piece(int id) {
    return vocabulary.get(id);
  }

  /** Whether a piece continues a word ({@code ##}) instead of beginning one. */
  public boolean isContinuation(int id) {
    return continuation[id];
  }

  /** SHA-256 of vocabulary and rules: equal if and only if the same texts become the same ids. */
  public String fingerprint() {
    return fingerprint;
  }

  public int padId() {
    return specialIds[0];
  }

  public int unknownId() {
    return specialIds[1];
  }

  public int clsId() {
    return specialIds[2];
  }

  public int sepId() {
    return specialIds[3];
  }

  public int maskId() {
    return specialIds[4];
  }

  /** A growing array of ids. */
  private static final class Ids {
    private int[] values;
    private int count;

    Ids(int characters) {
      values = new int[characters / 4 + 16];
    }

    void reserve(int more) {
      if (count + more > values.length) {
        values = Arrays.copyOf(values, Math.max(2 * values.length, count + more));
      }
    }

    void append(int id) {
      reserve(1);
      values[count++] = id;
    }

    int[] toArray() {
      return Arrays.copyOf(values, count);
    }
  }
}
