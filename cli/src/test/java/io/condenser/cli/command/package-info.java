@NullMarked
package io.condenser.cli.command;

import org.jspecify.annotations.NullMarked;
