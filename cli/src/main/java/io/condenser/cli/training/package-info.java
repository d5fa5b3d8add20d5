/** The stages that train: pre-training and fine-tuning, and the measure they watch. */
@NullMarked
package io.condenser.cli.training;

import org.jspecify.annotations.NullMarked;
