/**
 * Javadoc as a retrieval corpus: from libraries' source jars to a folder of passages, queries and
 * judgments in BEIR's layout. A comment's first sentence is a query; the member it describes,
 * without that sentence, is the passage to be found.
 */
@NullMarked
package io.condenser.cli.javadoc;

import org.jspecify.annotations.NullMarked;
