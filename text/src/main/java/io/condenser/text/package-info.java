/**
 * Documents, passages, queries and token ids: readers and writers of every format, WordPiece,
 * spans, masks.
 */
@NullMarked
package io.condenser.text;

import org.jspecify.annotations.NullMarked;
