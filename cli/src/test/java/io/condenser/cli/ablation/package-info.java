@NullMarked
package io.condenser.cli.ablation;

import org.jspecify.annotations.NullMarked;
