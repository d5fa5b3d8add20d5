package io.condenser.retrieval;

import io.condenser.storage.InputException;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * BM25's settings (Robertson &amp; Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and
 * Beyond"). They are kept in the index, so that queries are analysed and scored as it was built.
 *
 * @param analysis how text becomes terms
 * @param k1 how slowly further occurrences of a term stop counting; 0 (they never count) to 100
 * @param b how much long passages are held back, 0 (not) to 1 (in proportion to their length)
 */
public record Bm25Settings(Analysis analysis, double k1, double b) {
  /** The values in public use for MS MARCO passages (Anserini's defaults). */
  public static final double K1 = 0.9;

  /** See {@link #K1}. */
  public static final double B = 0.4;

  public Bm25Settings {
    if (!(k1 >= 0 && k1 <= 100)) {
      throw new InputException("k1 is %s; expected 0 to 100".formatted(k1));
    }
    if (!(b >= 0 && b <= 1)) {
      throw new InputException("b is %s; expected 0 to 1".formatted(b));
    }
  }

  /** The usual k1 and b with the given analysis. */
  public static Bm25Settings of(Analysis analysis) {
    return new Bm25Settings(analysis, K1, B);
  }

  Map<String, String> toMap() {
    return Map.of(
        "analysis", analysis.name().toLowerCase(Locale.ROOT),
        "k1", Double.toString(k1),
        "b", Double.toString(b));
  }

  /** The settings kept in an index, or null if it keeps none: then it is not one of ours. */
  static @Nullable Bm25Settings fromMap(Map<String, String> map) {
    String analysis = map.get("analysis");
    String k1 = map.get("k1");
    String b = map.get("b");
    if (analysis == null || k1 == null || b == null) {
      return null;
    }
    return new Bm25Settings(
        Analysis.valueOf(analysis.toUpperCase(Locale.ROOT)),
        Double.parseDouble(k1),
        Double.parseDouble(b));
  }
}
