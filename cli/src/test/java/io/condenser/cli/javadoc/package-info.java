@NullMarked
package io.condenser.cli.javadoc;

import org.jspecify.annotations.NullMarked;
