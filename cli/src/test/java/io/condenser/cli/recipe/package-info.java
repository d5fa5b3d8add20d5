@NullMarked
package io.condenser.cli.recipe;

import org.jspecify.annotations.NullMarked;
