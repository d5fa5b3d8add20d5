package io.condenser.text.wordpiece;

import java.util.Arrays;

/**
 * Walks over the words of a text, normalised, the way BERT's basic tokenizer splits it: at blanks,
 * around punctuation, around ideographs. A word lies in {@link #characters()} until the next call;
 * no objects are made on the way.
 *
 * <pre>{@code
 * Words words = new Words(normalization);
 * words.over(text, 0, text.length());
 * while (words.next()) {
 *   use(words.characters(), words.length());
 * }
 * }</pre>
 */
public final class Words {
  private final CharacterTable table;
  private char[] word = new char[256];
  private int length;

  private String text = "";
  private int position;
  private int end;

  // A word that stands alone (punctuation, an ideograph) closes the word before it, so it waits
  // here; so does the rest of an expanded character.
  private String waiting = "";
  private int waitingAt;

  /** A walker without a text; give it one with {@link #over}. */
  public Words(Normalization normalization) {
    table = CharacterTable.of(normalization);
  }

  /** Starts anew over the characters of {@code text} from {@code from} to before {@code to}. */
  public Words over(String text, int from, int to) {
    this.text = text;
    position = from;
    end = to;
    waiting = "";
    waitingAt = 0;
    length = 0;
    return this;
  }

  /** Goes to the next word; false if there is none. */
  public boolean next() {
    length = 0;
    while (true) {
      if (waitingAt < waiting.length()) {
        if (takeWaiting()) {
          return true;
        }
      } else if (position == end) {
        return length > 0;
      } else if (take(text.charAt(position))) {
        return true;
      }
    }
  }

  /** Takes one unit of the text; true if that completes a word. */
  private boolean take(char unit) {
    switch (table.kind(unit)) {
      case CharacterTable.LETTER -> {
        append(table.mapped(unit));
        position++;
      }
      case CharacterTable.BLANK -> {
        position++;
        return length > 0;
      }
      case CharacterTable.ALONE -> {
        if (length == 0) {
          append(table.mapped(unit));
          position++;
        }
        return true; // after a word, the unit is looked at again as the next word
      }
      case CharacterTable.EXPANDED -> {
        waiting = table.expansion(unit);
        waitingAt = 0;
        position++;
      }
      default -> takeRare(unit);
    }
    return false;
  }

  /** Drops a unit, unless it begins a pair that makes a character beyond the first 65,536. */
  private void takeRare(char unit) {
    position++;
    if (Character.isHighSurrogate(unit)
        && position < end
        && Character.isLowSurrogate(text.charAt(position))) {
      waiting = table.normalize(Character.toCodePoint(unit, text.charAt(position)));
      waitingAt = 0;
      position++;
    }
  }

  /** Takes one normalised character of those that wait; true if that completes a word. */
  private boolean takeWaiting() {
    int codePoint = waiting.codePointAt(waitingAt);
    byte kind = CharacterTable.kindOfNormal(codePoint);
    if (kind == CharacterTable.ALONE && length > 0) {
      return true;
    }
    waitingAt += Character.charCount(codePoint);
    if (kind == CharacterTable.BLANK) {
      return length > 0;
    }
    if (Character.isBmpCodePoint(codePoint)) {
      append((char) codePoint);
    } else {
      append(Character.highSurrogate(codePoint));
      append(Character.lowSurrogate(codePoint));
    }
    return kind == CharacterTable.ALONE;
  }

  private void append(char unit) {
    if (length == word.length) {
      word = Arrays.copyOf(word, 2 * length);
    }
    word[length++] = unit;
  }

  /** The word's characters, from 0 to before {@link #length()}. Overwritten by {@link #next}. */
  public char[] characters() {
    return word;
  }

  /** Number of UTF-16 units of the word. */
  public int length() {
    return length;
  }
}
