/** Batches and gradients: objectives, gradient cache, optimiser and schedule, trainer. */
@NullMarked
package io.condenser.training;

import org.jspecify.annotations.NullMarked;
