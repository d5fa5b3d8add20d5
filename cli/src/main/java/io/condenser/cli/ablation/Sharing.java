package io.condenser.cli.ablation;

import io.condenser.cli.Parameter;
import io.condenser.cli.Stage;
import io.condenser.cli.StageType;
import io.condenser.cli.plan.Size;
import io.condenser.cli.recipe.Ledger;
import io.condenser.cli.recipe.Recipe;
import io.condenser.cli.recipe.Recipe.Step;
import io.condenser.storage.Fingerprint;
import io.condenser.storage.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds equal work: every step of a trial that its results depend on moves to {@code
 * WORK/stages/KIND-KEY/}, so that two trials whose steps are equal, inputs and all, meet there.
 */
final class Sharing {
  static final String FOLDER = "stages";

  private static final int NAME_DIGITS = 12;
  private static final Pattern ENDING = Pattern.compile("(\\.[A-Za-z][A-Za-z0-9]{0,5}){1,2}$");

  private final Path root;
  private final Ledger ledger;
  private final Map<String, SharedStep> known = new LinkedHashMap<>();

  Sharing(Path work, Ledger ledger) {
    this.root = work.resolve(FOLDER);
    this.ledger = ledger;
  }

  /** All steps that were found so far, each before those that need it. */
  List<SharedStep> steps() {
    return List.copyOf(known.values());
  }

  /** The steps of one trial, with the paths that they get. */
  Moved move(Recipe recipe) {
    return new Moved(recipe);
  }

  /** A file where it will be, and the step that writes it, if any does. */
  record Place(Path path, @Nullable SharedStep author) {}

  /** A trial's recipe whose steps are moved as they are asked for. */
  final class Moved {
    private final Recipe recipe;
    private final List<Map<String, Path>> outputs = new ArrayList<>();
    private final Map<Integer, SharedStep> moved = new HashMap<>();

    private Moved(Recipe recipe) {
      this.recipe = recipe;
      recipe.steps().forEach(step -> outputs.add(outputs(step)));
    }

    /** Where a file of the recipe will be. */
    Place place(Path logical) {
      return placeBefore(recipe.steps().size(), logical)
          .orElseGet(() -> {
            if (isInWork(logical)) {
              throw InputException.in(
                  recipe.file(), "no stage writes %s, which is wanted".formatted(logical));
            }
            return new Place(logical, null);
          });
    }

    /** Where what a step before a given one writes will be. */
    private Optional<Place> placeBefore(int limit, Path logical) {
      Path path = absolute(logical);
      for (int i = 0; i < limit; i++) {
        for (Map.Entry<String, Path> output : outputs.get(i).entrySet()) {
          Path written = absolute(output.getValue());
          if (path.startsWith(written)) {
            SharedStep author = shared(i);
            Path there = author.folder().resolve(fileName(output.getKey(), written));
            Path rest = written.relativize(path);
            return Optional.of(
                new Place(rest.toString().isEmpty() ? there : there.resolve(rest), author));
          }
        }
      }
      return Optional.empty();
    }

    private SharedStep shared(int index) {
      SharedStep step = moved.get(index);
      if (step == null) {
        step = make(index);
        moved.put(index, step);
      }
      return step;
    }

    private SharedStep make(int index) {
      Step step = recipe.steps().get(index);
      StageType type = step.type();
      Stage stage = step.stage();
      Map<String, Object> changed = new LinkedHashMap<>();
      Set<SharedStep> needs = new LinkedHashSet<>();
      Fingerprint fingerprint = new Fingerprint().add("stage", type.name());
      Set<String> decisive = type.decisive(stage).keySet();
      type.values(stage)
          .forEach((name, value) -> {
            Path output = outputs.get(index).get(name);
            if (!decisive.contains(name)) {
              return; // equal work, however it is done
            }
            if (output != null) {
              fingerprint.add(name, fileName(name, output));
            } else if (value != null) {
              Object there = moved(index, value, needs);
              changed.put(name, there);
              fingerprint.add(name, timeless(there, stage));
            }
          });
      for (Path input : stage.inputs()) {
        if (placeBefore(index, input).isEmpty()) {
          fingerprint.add("content", ledger.content(input));
        }
      }
      String key = fingerprint.hex();
      SharedStep before = known.get(key);
      if (before != null) {
        return before;
      }
      String name = type.name() + "-" + key.substring(0, NAME_DIGITS);
      Path folder = root.resolve(name);
      List<Path> written = new ArrayList<>();
      Map<Path, Size> declared = new HashMap<>(recipe.sizes()); // of what lies elsewhere, too
      outputs
          .get(index)
          .forEach((setting, path) -> {
            Path there = folder.resolve(fileName(setting, path));
            changed.put(setting, there);
            written.add(there);
            Size size = recipe.sizes().get(path);
            if (size != null) {
              declared.put(there, size);
            }
          });
      Step ready = new Step(name, step.line(), type, type.with(stage, changed));
      SharedStep shared =
          new SharedStep(
              key,
              ready,
              step.name(),
              folder,
              written,
              List.copyOf(needs),
              authors(index, stage.refersTo()),
              declared);
      known.put(key, shared);
      return shared;
    }

    private List<SharedStep> authors(int index, List<Path> paths) {
      return paths.stream()
          .flatMap(path -> placeBefore(index, path).stream())
          .map(Place::author)
          .filter(Objects::nonNull)
          .toList();
    }

    /** A setting's value with the paths that earlier steps write moved. */
    private Object moved(int index, Object value, Set<SharedStep> needs) {
      return switch (value) {
        case List<?> list -> list.stream().map(element -> moved(index, element, needs)).toList();
        case Path path -> moved(index, path, needs);
        case String text when isPathInWork(text) -> moved(index, Path.of(text), needs).toString();
        default -> value;
      };
    }

    private Path moved(int index, Path path, Set<SharedStep> needs) {
      Place place = placeBefore(index, path).orElse(null);
      if (place == null && isInWork(path)) {
        Step step = recipe.steps().get(index);
        throw InputException.at(
            recipe.file(),
            step.line(),
            "%s names %s, which no stage before it writes".formatted(step.name(), path));
      }
      if (place == null) {
        return path;
      }
      if (place.author() != null) {
        needs.add(place.author());
        needs.addAll(place.author().refersTo());
      }
      return place.path();
    }

    /** By how it begins: with the current folder in the work folder, any word would be one. */
    private boolean isPathInWork(String text) {
      return text.startsWith(recipe.work() + "/") || text.startsWith(absolute(recipe.work()) + "/");
    }

    private boolean isInWork(Path path) {
      return absolute(path).startsWith(absolute(recipe.work()));
    }

    /** The paths that a step writes, by the settings that name them. */
    private Map<String, Path> outputs(Step step) {
      Map<String, Path> written = new LinkedHashMap<>();
      step.type()
          .values(step.stage())
          .forEach((name, value) -> {
            if (value instanceof Path path && decidesOutputs(step, name)) {
              if (!isInWork(path)) {
                throw InputException.at(
                    recipe.file(),
                    step.line(),
                    "%s writes %s; in an ablation all outputs are in the folder 'work', %s"
                        .formatted(step.name(), path, recipe.work()));
              }
              written.put(name, path);
            }
          });
      return written;
    }
  }

  /** Whether a setting names what is written: with another value, other paths would be. */
  private static boolean decidesOutputs(Step step, String setting) {
    Stage elsewhere = step.type().with(step.stage(), Map.of(setting, Path.of("else", "where")));
    return !elsewhere.outputs().equals(step.stage().outputs());
  }

  /**
   * A value without where the files lie: of what other steps write the name that tells their key,
   * of files that were there before the last name; their content is added apart.
   */
  private String timeless(Object value, Stage stage) {
    return switch (value) {
      case List<?> list -> String.join("\n", list.stream().map(v -> timeless(v, stage)).toList());
      case Path path when path.startsWith(root) -> root.relativize(path).toString();
      case Path path when stage.inputs().contains(path) -> String.valueOf(path.getFileName());
      case String text when text.startsWith(root.toString()) ->
          root.relativize(Path.of(text)).toString();
      default -> Parameter.written(value);
    };
  }

  /** Equal work may be called differently; a file's ending stays, as it may tell the format. */
  private static String fileName(String setting, Path logical) {
    Matcher ending = ENDING.matcher(String.valueOf(logical.getFileName()));
    return ending.find() ? setting + ending.group() : setting;
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }
}
