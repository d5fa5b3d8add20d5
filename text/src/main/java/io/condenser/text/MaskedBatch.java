package io.condenser.text;

import java.util.List;

/**
 * A padded batch with the words to be predicted. M masked positions over all rows.
 *
 * @param tokens B rows, L tokens
 * @param positions {@code [M]} flat: row × L + column, ascending
 * @param labels {@code [M]} the original tokens there
 */
public record MaskedBatch(TokenBatch tokens, int[] positions, int[] labels) {
  public MaskedBatch {
    if (positions.length != labels.length) {
      throw new IllegalArgumentException(
          positions.length + " masked positions, " + labels.length + " labels");
    }
  }

  /**
   * Pads masked rows to a given length.
   *
   * @param length L, at least the longest of them
   */
  public static MaskedBatch of(List<MaskedRow> rows, int padId, int length) {
    TokenBatch tokens = TokenBatch.of(rows.stream().map(MaskedRow::ids).toList(), padId, length);
    int masked = rows.stream().mapToInt(row -> row.positions().length).sum();
    int[] positions = new int[masked];
    int[] labels = new int[masked];
    int at = 0;
    for (int r = 0; r < rows.size(); r++) {
      MaskedRow row = rows.get(r);
      System.arraycopy(row.labels(), 0, labels, at, row.labels().length);
      for (int column : row.positions()) {
        positions[at++] = r * tokens.length() + column;
      }
    }
    return new MaskedBatch(tokens, positions, labels);
  }
}
