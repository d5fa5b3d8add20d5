/** Judgments (qrels), rankings (runs), measures and their significance. */
@NullMarked
package io.condenser.evaluation;

import org.jspecify.annotations.NullMarked;
