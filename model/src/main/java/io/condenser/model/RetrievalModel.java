package io.condenser.model;

import io.condenser.text.Passage;
import io.condenser.text.Query;
import io.condenser.text.TokenBatch;
import io.condenser.text.WordPiece;
import java.nio.file.Path;

/** A model folder opened for inference. (Signatures; the model room fills them.) */
@SuppressWarnings("DoNotCallSuggester")
public final class RetrievalModel implements AutoCloseable {
  private RetrievalModel() {}

  /** Opens a model folder; {@code precision} is that of the matrix products. */
  public static RetrievalModel open(Path directory, Precision precision) {
    throw new UnsupportedOperationException(directory + " " + precision);
  }

  public RetrieverConfig config() {
    throw new UnsupportedOperationException();
  }

  public WordPiece tokenizer() {
    throw new UnsupportedOperationException();
  }

  /** H, the width of a vector. */
  public int dimension() {
    throw new UnsupportedOperationException();
  }

  /** SHA-256 of weights and settings; an index keeps it and refuses another model's queries. */
  public String fingerprint() {
    throw new UnsupportedOperationException();
  }

  /** Token ids of a query, ready for {@link #embedQueries}. Safe for use by several threads. */
  public int[] tokens(Query query) {
    throw new UnsupportedOperationException(query.id());
  }

  /** Token ids of a passage, ready for {@link #embedPassages}. Safe for use by several threads. */
  public int[] tokens(Passage passage) {
    throw new UnsupportedOperationException(passage.id());
  }

  /** {@code [B × H]} row-major. */
  public float[] embedQueries(TokenBatch batch) {
    throw new UnsupportedOperationException(batch.toString());
  }

  /** {@code [B × H]} row-major. */
  public float[] embedPassages(TokenBatch batch) {
    throw new UnsupportedOperationException(batch.toString());
  }

  @Override
  public void close() {}
}
