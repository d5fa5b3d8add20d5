/**
 * Recipes: one YAML file is a list of stages with their settings, and the measures to expect. Knows
 * kinds of stages, not which there are.
 */
@NullMarked
package io.condenser.cli.recipe;

import org.jspecify.annotations.NullMarked;
