package io.condenser.cli;

/** Says that a model does not read texts to their end, which nothing else would show. */
public final class LongTexts {
  private LongTexts() {}

  /**
   * Speaks up if some passages are cut.
   *
   * @param reaching how many passages have as many tokens as the model reads
   * @param all how many there are
   * @param length tokens that it reads
   */
  public static void say(Console console, long reaching, long all, int length) {
    if (reaching > 0) {
      console.say(
          "%,d of %,d passages reach %,d tokens; what they say after that is not read"
              .formatted(reaching, all, length));
    }
  }
}
