/**
 * Ablations: a recipe run over a grid of settings and seeds, equal work done once, and the tables
 * and pages that come of it.
 */
@NullMarked
package io.condenser.cli.ablation;

import org.jspecify.annotations.NullMarked;
