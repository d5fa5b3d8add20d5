@NullMarked
package io.condenser.cli.training;

import org.jspecify.annotations.NullMarked;
