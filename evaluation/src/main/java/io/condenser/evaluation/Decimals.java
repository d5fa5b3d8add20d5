package io.condenser.evaluation;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Numbers as people and trec_eval print them. */
public final class Decimals {
  private Decimals() {}

  /**
   * Four decimals, the double's exact value rounded half to even as C's {@code printf} rounds, so
   * that 1/32 is 0.0312. Java's own {@code %.4f} says 0.0313.
   */
  public static String four(double value) {
    return new BigDecimal(value).setScale(4, RoundingMode.HALF_EVEN).toPlainString();
  }

  /** As {@link #four}, with a sign even where it is a plus. */
  public static String signedFour(double value) {
    String text = four(value);
    return text.startsWith("-") ? text : "+" + text;
  }

  /** A p value: four decimals, but {@code <0.0001} rather than 0.0000. */
  public static String p(double p) {
    return p < 0.00005 ? "<0.0001" : four(p);
  }
}
