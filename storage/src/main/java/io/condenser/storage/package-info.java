/**
 * Bytes on disk: lines of text, tensors, atomic replacement, fingerprints. Knows no other room; the
 * formats are everyone's (gzip, UTF-8, JSON lines, safetensors).
 */
@NullMarked
package io.condenser.storage;

import org.jspecify.annotations.NullMarked;
