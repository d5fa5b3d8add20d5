/**
 * What a recipe will cost: how large its files are, what its stages have to do, how fast this
 * machine is.
 */
@NullMarked
package io.condenser.cli.plan;

import org.jspecify.annotations.NullMarked;
