package io.condenser.text;

import java.nio.file.Path;

/** Placeholder of the tokenizer's signatures; the text room fills it. */
@SuppressWarnings("DoNotCallSuggester")
public final class WordPiece {
  private WordPiece() {}

  /** Opens the tokenizer of a model folder. */
  public static WordPiece open(Path modelDirectory) {
    throw new UnsupportedOperationException(modelDirectory.toString());
  }

  /** Pieces of a text, without special tokens. */
  public int[] encode(String text) {
    throw new UnsupportedOperationException(text);
  }

  /** [CLS] text [SEP], cut to {@code maxLength} tokens. */
  public int[] encode(String text, int maxLength) {
    throw new UnsupportedOperationException(text + maxLength);
  }

  /** [CLS] first [SEP] second [SEP], the second cut first. */
  public int[] encode(String first, String second, int maxLength) {
    throw new UnsupportedOperationException(first + second + maxLength);
  }

  public void save(Path d) {
    throw new UnsupportedOperationException();
  }

  /** Number of pieces. */
  public int size() {
    throw new UnsupportedOperationException();
  }

  public int padId() {
    throw new UnsupportedOperationException();
  }

  public int clsId() {
    throw new UnsupportedOperationException();
  }

  public int sepId() {
    throw new UnsupportedOperationException();
  }

  public int maskId() {
    throw new UnsupportedOperationException();
  }

  public int unknownId() {
    throw new UnsupportedOperationException();
  }
}
