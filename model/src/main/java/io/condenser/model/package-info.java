/**
 * Tensors: the BERT backbone, the Condenser head, the MLM head, bi-encoder and cross-encoder, and
 * their checkpoints.
 */
@NullMarked
package io.condenser.model;

import org.jspecify.annotations.NullMarked;
