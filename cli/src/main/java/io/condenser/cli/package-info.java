/** Commands, recipes, reports: the launcher's room, which knows all the others. */
@NullMarked
package io.condenser.cli;

import org.jspecify.annotations.NullMarked;
