package io.condenser.training;

/** A measure of the parameters as they are now; higher is better. */
@FunctionalInterface
public interface Validation {
  /** The measure, e.g. RR@10 on dev queries. */
  double measure();
}
