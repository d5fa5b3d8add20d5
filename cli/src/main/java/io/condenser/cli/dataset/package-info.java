/** Data sets in their official layouts, in and out of ours. */
@NullMarked
package io.condenser.cli.dataset;

import org.jspecify.annotations.NullMarked;
