package io.condenser.cli.ablation;

import io.condenser.cli.Nearest;
import io.condenser.cli.recipe.YamlPart;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The axes of an ablation.
 *
 * @param axes by name, each with its labels in order, each with the variables that it sets
 */
record Grid(Map<String, Map<String, Map<String, YamlPart>>> axes) {
  Grid {
    axes = new LinkedHashMap<>(axes);
  }

  /** Reads {@code axis: {label: {variable: value}}}. */
  static Grid read(YamlPart part) {
    Map<String, Map<String, Map<String, YamlPart>>> axes = new LinkedHashMap<>();
    part.mapping("the grid")
        .forEach((axis, labels) -> {
          Map<String, Map<String, YamlPart>> read = new LinkedHashMap<>();
          labels
              .mapping("axis " + axis)
              .forEach((label, set) -> read.put(label, set.mapping("label " + label)));
          if (read.isEmpty()) {
            throw labels.error("axis %s has no labels".formatted(axis));
          }
          if (axis.equals(Part.BASELINES)) {
            throw labels.error(
                "an axis cannot be called '%s'; expected another name".formatted(axis));
          }
          axes.put(axis, read);
        });
    if (axes.isEmpty()) {
      throw part.error("the grid has no axes; expected 'axis: {label: {variable: value}}'");
    }
    return new Grid(axes);
  }

  /** The labels of each axis. */
  Map<String, List<String>> labels() {
    Map<String, List<String>> labels = new LinkedHashMap<>();
    axes.forEach((axis, set) -> labels.put(axis, List.copyOf(set.keySet())));
    return labels;
  }

  /** Every combination of labels, the last axis changing fastest. */
  List<Map<String, String>> combinations() {
    return product(labels(), List.copyOf(axes.keySet()));
  }

  /** Every combination of the labels of some axes, the last changing fastest. */
  static List<Map<String, String>> product(Map<String, List<String>> labels, List<String> axes) {
    List<Map<String, String>> all = List.of(Map.of());
    for (String axis : axes) {
      List<Map<String, String>> longer = new ArrayList<>();
      for (Map<String, String> combination : all) {
        for (String label : labels.getOrDefault(axis, List.of())) {
          Map<String, String> one = new LinkedHashMap<>(combination);
          one.put(axis, label);
          longer.add(one);
        }
      }
      all = longer;
    }
    return all;
  }

  /** Puts what the labels of a combination set into the variables. */
  void overlay(Map<String, YamlPart> variables, Map<String, String> combination) {
    combination.forEach((axis, label) ->
        axes.getOrDefault(axis, Map.of())
            .getOrDefault(label, Map.of())
            .forEach((name, value) -> replace(variables, name, value)));
  }

  /** Gives a variable another value in its place; one that there is not is refused. */
  static void replace(Map<String, YamlPart> variables, String name, YamlPart value) {
    if (!variables.containsKey(name)) {
      throw value.error(
          "no variable '%s'%s".formatted(name, Nearest.hint(name, variables.keySet())));
    }
    variables.put(name, value);
  }

  /** The names of all variables that some label sets. */
  List<String> variables() {
    return axes.values().stream()
        .flatMap(labels -> labels.values().stream())
        .flatMap(set -> set.keySet().stream())
        .distinct()
        .toList();
  }

  /**
   * Some combinations: for each axis that is named, the labels that belong to them. An axis that a
   * place does not have leaves it in.
   */
  record Selection(Map<String, List<String>> labels) {
    Selection {
      labels = new LinkedHashMap<>(labels);
    }

    boolean holds(Map<String, String> place) {
      return place.entrySet().stream()
          .allMatch(at ->
              labels.getOrDefault(at.getKey(), List.of(at.getValue())).contains(at.getValue()));
    }
  }

  /** Reads {@code axis: label} or {@code axis: [label, label]}. */
  Selection selection(YamlPart part) {
    Map<String, List<String>> selected = new LinkedHashMap<>();
    part.mapping("a selection of labels")
        .forEach((axis, value) -> {
          List<String> texts = value.texts(axis);
          texts.forEach(label -> requireLabel(value, axis, label));
          selected.put(axis, texts);
        });
    return new Selection(selected);
  }

  void requireLabel(YamlPart where, String axis, String label) {
    unknown(labels(), axis, label)
        .ifPresent(problem -> {
          throw where.error(problem);
        });
  }

  /** What is wrong with a label that these axes do not have. */
  static Optional<String> unknown(Map<String, List<String>> axes, String axis, String label) {
    List<String> labels = axes.get(axis);
    if (labels == null) {
      return Optional.of("no axis '%s'%s".formatted(axis, Nearest.hint(axis, axes.keySet())));
    }
    return labels.contains(label)
        ? Optional.empty()
        : Optional.of(
            "axis %s has no label '%s'%s".formatted(axis, label, Nearest.hint(label, labels)));
  }
}
