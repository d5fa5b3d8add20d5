@NullMarked
package io.condenser.cli.retrieval;

import org.jspecify.annotations.NullMarked;
