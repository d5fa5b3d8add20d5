package io.condenser.model;

import io.condenser.text.TokenBatch;

/** An encoder opened for inference. */
interface Tower extends AutoCloseable {
  /** {@code [B × H]} row-major. */
  float[] embed(TokenBatch batch);

  @Override
  void close();
}
