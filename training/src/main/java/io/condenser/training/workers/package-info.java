/** Several workers that train one model: rendezvous, collectives, reduction of gradients. */
@NullMarked
package io.condenser.training.workers;

import org.jspecify.annotations.NullMarked;
