package io.condenser.text;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Splits text into sentences: where the JDK's sentence rules break, and after Chinese and Japanese
 * full stops, which it only sees as such in some company. Nothing but blanks at the ends of
 * sentences is lost. Not safe for use by several threads.
 */
public final class Sentences {
  private static final String IDEOGRAPHIC_ENDS = "。！？｡";
  private static final String CLOSING = "」』”’）》】〉\"')";

  private final BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ROOT);

  /** The sentences of a text in order, none of them blank. */
  public List<String> of(String text) {
    List<String> sentences = new ArrayList<>();
    breaks.setText(text);
    int start = breaks.first();
    for (int end = breaks.next(); end != BreakIterator.DONE; end = breaks.next()) {
      addIdeographic(text, start, end, sentences);
      start = end;
    }
    return sentences;
  }

  private static void addIdeographic(String text, int from, int to, List<String> sentences) {
    int start = from;
    for (int i = from; i < to; i++) {
      if (IDEOGRAPHIC_ENDS.indexOf(text.charAt(i)) >= 0) {
        int end = i + 1;
        while (end < to && belongsToEnd(text.charAt(end))) {
          end++;
        }
        add(text.substring(start, end), sentences);
        start = end;
        i = end - 1;
      }
    }
    add(text.substring(start, to), sentences);
  }

  private static boolean belongsToEnd(char c) {
    return IDEOGRAPHIC_ENDS.indexOf(c) >= 0 || CLOSING.indexOf(c) >= 0;
  }

  private static void add(String sentence, List<String> sentences) {
    String stripped = sentence.strip();
    if (!stripped.isEmpty()) {
      sentences.add(stripped);
    }
  }
}
