@NullMarked
package io.condenser.training.workers;

import org.jspecify.annotations.NullMarked;
