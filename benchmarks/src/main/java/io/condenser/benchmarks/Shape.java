package io.condenser.benchmarks;

import io.condenser.model.BertConfig;
import io.condenser.storage.InputException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An encoder's size.
 *
 * @param layers of the backbone
 * @param hidden H, a multiple of 64
 */
public record Shape(int layers, int hidden) {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,3})x(\\d{2,5})");
  private static final int VOCABULARY = 30522;

  /** A product of an a × b matrix with a b × c one takes so many operations for each a × b × c. */
  private static final double PER_PRODUCT = 2;

  /** The gradients of a product are two products. */
  private static final double WITH_GRADIENTS = 3;

  public Shape {
    if (layers < 2 || hidden < 64 || hidden % 64 != 0) {
      throw new InputException(
          "shape is %dx%d; expected at least 2 layers and a multiple of 64, e.g. 6x384"
              .formatted(layers, hidden));
    }
  }

  /** Reads {@code LAYERSxHIDDEN}. */
  public static Shape parse(String text) {
    Matcher found = TEXT.matcher(text);
    if (!found.matches()) {
      throw new InputException(
          "shape is '%s'; expected layers and hidden size, e.g. 6x384".formatted(text));
    }
    return new Shape(Integer.parseInt(found.group(1)), Integer.parseInt(found.group(2)));
  }

  /** The encoder; MiniLM's heads are 32 wide, BERT's 64. */
  BertConfig config() {
    return BertConfig.of(VOCABULARY, hidden, layers, hidden == 384 ? 12 : hidden / 64);
  }

  /** Operations in the matrix products of an encoder's pass over texts of these lengths. */
  public double encoding(int[] lengths) {
    return pass(layers, lengths);
  }

  /**
   * Operations in the matrix products of a step of coCondenser with its gradients: backbone, head,
   * and the two predictions at every masked position. What is done twice to save memory counts
   * once.
   */
  public double cocondenser(int[] lengths, int headLayers, int masked) {
    double prediction = PER_PRODUCT * hidden * (hidden + VOCABULARY);
    return WITH_GRADIENTS * (pass(layers + headLayers, lengths) + 2 * masked * prediction);
  }

  /** The same for a bi-encoder. */
  public double biEncoder(int[] lengths) {
    return WITH_GRADIENTS * pass(layers, lengths);
  }

  private double pass(int depth, int[] lengths) {
    double operations = 0;
    for (int length : lengths) {
      double dense = 12.0 * hidden * hidden; // 4 of attention, 8 of the feed-forward part
      double attention = 2.0 * length * hidden; // scores, and what they weigh
      operations += PER_PRODUCT * length * depth * (dense + attention);
    }
    return operations;
  }

  @Override
  public String toString() {
    return layers + "x" + hidden;
  }
}
