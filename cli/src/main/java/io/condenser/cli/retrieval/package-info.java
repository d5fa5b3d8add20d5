/** Commands that encode, index, search and mine. */
@NullMarked
package io.condenser.cli.retrieval;

import org.jspecify.annotations.NullMarked;
