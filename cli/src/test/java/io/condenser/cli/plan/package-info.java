@NullMarked
package io.condenser.cli.plan;

import org.jspecify.annotations.NullMarked;
