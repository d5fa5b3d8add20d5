package io.condenser.retrieval;

/** What orders passages for a query. */
public enum Ranker {
  /** Words in common, weighted. */
  BM25,
  /** Inner product of the model's vectors. */
  DENSE,
  /** Both, fused. */
  HYBRID;

  /** Whether it needs a BM25 index. */
  public boolean usesBm25() {
    return this != DENSE;
  }

  /** Whether it needs a model and the passages' vectors. */
  public boolean usesModel() {
    return this != BM25;
  }
}
