@NullMarked
package io.condenser.cli;

import org.jspecify.annotations.NullMarked;
