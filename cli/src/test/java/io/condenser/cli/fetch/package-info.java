@NullMarked
package io.condenser.cli.fetch;

import org.jspecify.annotations.NullMarked;
