package io.condenser.model;

import io.condenser.text.Passage;
import io.condenser.text.Query;
import io.condenser.text.WordPiece;

/** How a model's texts become token ids, each text by itself. Safe for use by several threads. */
public interface TextTokens {
  /** {@code [CLS] query [SEP]}, cut to the longest query. */
  int[] tokens(WordPiece tokenizer, Query query);

  /**
   * {@code [CLS] title [SEP] text [SEP]}, or without a title {@code [CLS] text [SEP]}, cut to the
   * longest passage.
   */
  int[] tokens(WordPiece tokenizer, Passage passage);
}
