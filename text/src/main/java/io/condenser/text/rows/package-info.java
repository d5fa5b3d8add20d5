/**
 * Rows of files, whatever the format: JSON objects or lines of text. What a row means is not known
 * here.
 */
@NullMarked
package io.condenser.text.rows;

import org.jspecify.annotations.NullMarked;
