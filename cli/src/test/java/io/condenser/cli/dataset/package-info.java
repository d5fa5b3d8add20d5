@NullMarked
package io.condenser.cli.dataset;

import org.jspecify.annotations.NullMarked;
