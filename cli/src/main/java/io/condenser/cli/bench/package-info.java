/** {@code bench}: what each part of the work costs on this machine. */
@org.jspecify.annotations.NullMarked
package io.condenser.cli.bench;
