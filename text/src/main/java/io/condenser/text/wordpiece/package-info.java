/**
 * Inside the tokenizer: from characters to words, from words to pieces, from a corpus to a
 * vocabulary, and the files of all that. {@link io.condenser.text.WordPiece} is its door.
 */
@NullMarked
package io.condenser.text.wordpiece;

import org.jspecify.annotations.NullMarked;
