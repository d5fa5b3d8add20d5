package io.condenser.model;

/** How a text's vector comes from the last layer's hidden states. */
public enum Pooling {
  /** The vector at [CLS], which Condenser pre-trains. */
  CLS,
  /** The mean over all tokens that are not padding (Sentence-BERT). */
  MEAN
}
