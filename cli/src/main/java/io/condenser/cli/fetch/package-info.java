/**
 * Official files from where they are published: downloads that resume, and what is packed in them.
 */
@NullMarked
package io.condenser.cli.fetch;

import org.jspecify.annotations.NullMarked;
