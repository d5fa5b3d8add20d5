@org.jspecify.annotations.NullMarked
package io.condenser.benchmarks;
