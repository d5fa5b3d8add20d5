/** The command line: the main program, its commands, the terminal. */
@NullMarked
package io.condenser.cli.command;

import org.jspecify.annotations.NullMarked;
