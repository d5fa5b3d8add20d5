@NullMarked
package io.condenser.cli.report;

import org.jspecify.annotations.NullMarked;
