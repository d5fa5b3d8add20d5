package io.condenser.cli.ablation;

import io.condenser.cli.plan.Size;
import io.condenser.cli.recipe.Recipe.Step;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A step that does its work once for all trials that need it. Its outputs lie in a folder named
 * after what they depend on.
 *
 * @param key the fingerprint of its kind, its settings, the content of the files that it reads and
 *     the keys of the steps that wrote the others
 * @param step ready to run, named after kind and key
 * @param title its name in the recipe, for people
 * @param folder that holds all it writes
 * @param outputs the settings' paths that it writes
 * @param needs the steps that write what it reads
 * @param refersTo those of them that write what its outputs go on pointing to
 * @param declared sizes that the recipe declares of what it reads or writes, for a plan
 */
record SharedStep(
    String key,
    Step step,
    String title,
    Path folder,
    List<Path> outputs,
    List<SharedStep> needs,
    List<SharedStep> refersTo,
    Map<Path, Size> declared) {
  SharedStep {
    declared = Map.copyOf(declared);
    outputs = List.copyOf(outputs);
    needs = List.copyOf(needs);
    refersTo = List.copyOf(refersTo);
  }

  String name() {
    return step.name();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SharedStep step && step.key.equals(key);
  }

  @Override
  public int hashCode() {
    return key.hashCode();
  }
}
