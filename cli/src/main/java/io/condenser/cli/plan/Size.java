package io.condenser.cli.plan;

import io.condenser.benchmarks.Shape;
import io.condenser.storage.InputException;
import java.util.List;

/**
 * How large something is that stages read or make: texts, a model, or an index, which is of both.
 * What it has not, or what is not known, is 0.
 *
 * @param records passages, queries, or judged queries
 * @param tokens of a record, in the mean, [CLS] and [SEP] counted
 * @param documents to which the passages belong
 * @param layers of an encoder
 * @param hidden H of an encoder
 */
public record Size(double records, double tokens, double documents, int layers, int hidden) {
  public Size {
    if (records < 0 || tokens < 0 || documents < 0 || layers < 0 || hidden < 0) {
      throw new InputException("sizes are negative; expected numbers of 0 or more");
    }
    if (layers > 0 || hidden > 0) {
      new Shape(layers, hidden); // refuses what is out of range
    }
  }

  /** Of a corpus or queries. */
  public static Size texts(double records, double tokens, double documents) {
    return new Size(records, tokens, documents, 0, 0);
  }

  /** Texts of several files as those of one. */
  public static Size together(List<Size> files) {
    double records = files.stream().mapToDouble(Size::records).sum();
    double tokens = files.stream().mapToDouble(file -> file.records * file.tokens).sum();
    double documents = files.stream().mapToDouble(Size::documents).sum();
    return texts(records, tokens / Math.max(1, records), documents);
  }

  /** Of a model. */
  public static Size encoder(int layers, int hidden) {
    return new Size(0, 0, 0, layers, hidden);
  }

  /** These texts as this encoder's. */
  public Size by(Size encoder) {
    return new Size(records, tokens, documents, encoder.layers, encoder.hidden);
  }

  boolean hasTexts() {
    return records > 0;
  }

  boolean hasEncoder() {
    return layers > 0;
  }

  Shape shape() {
    return new Shape(layers, hidden);
  }

  /** UTF-8 bytes of all records as JSON lines, about. */
  public double textBytes() {
    return records * tokens * Costs.BYTES_PER_TOKEN;
  }

  /** Tokens of all records, each cut to this length. */
  double allTokens(int longest) {
    return records * Math.min(tokens, longest);
  }
}
