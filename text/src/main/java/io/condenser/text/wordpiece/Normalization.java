package io.condenser.text.wordpiece;

/**
 * How text is normalised before it is split into words.
 *
 * @param lowerCase whether letters become lower case
 * @param stripAccents whether text is decomposed (NFD) and its non-spacing marks dropped
 * @param isolateIdeographs whether each CJK ideograph is a word of its own
 */
public record Normalization(boolean lowerCase, boolean stripAccents, boolean isolateIdeographs) {
  /** BERT's own: accents go with upper case, ideographs stand alone. */
  public static Normalization bert(boolean lowerCase) {
    return new Normalization(lowerCase, lowerCase, true);
  }
}
