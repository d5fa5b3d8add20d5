/** Embeddings, indexes, rankings: encoding, BM25, exact search, hybrid, mining of negatives. */
@NullMarked
package io.condenser.retrieval;

import org.jspecify.annotations.NullMarked;
