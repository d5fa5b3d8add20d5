package io.condenser.cli.recipe;

import io.condenser.cli.Nearest;
import io.condenser.storage.InputException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A part of a YAML file that knows its line, so that every error can name it. Scalars stay the
 * texts that were written: their types are the settings' affair.
 */
public record YamlPart(Path file, Node node) {

  /**
   * The whole of a YAML text.
   *
   * @throws InputException if it is not YAML, or empty
   */
  public static YamlPart parse(Path file, String text) {
    try {
      Optional<Node> root =
          new Compose(LoadSettings.builder().setLabel(file.toString()).build()).composeString(text);
      return new YamlPart(
          file, root.orElseThrow(() -> InputException.in(file, "is empty; expected a recipe")));
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
      throw InputException.at(file, line, "not YAML: " + e.getProblem() + tip(text, line), e);
    } catch (YamlEngineException e) {
      throw InputException.in(file, "not YAML: " + e.getMessage(), e);
    }
  }

  private static String tip(String text, int line) {
    boolean variable = text.lines().skip(line - 1L).findFirst().orElse("").contains("${");
    return variable ? " (inside { … } a value with ${…} needs quotes)" : "";
  }

  /** {@code file:line}. */
  public String where() {
    return file + ":" + line();
  }

  /** 1 is the first. */
  public int line() {
    return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
  }

  /** An error about this part, with its line. */
  public InputException error(String problem) {
    return InputException.at(file, line(), problem);
  }

  /** The values of a mapping by key, in the order written; {@code what} names it in errors. */
  public Map<String, YamlPart> mapping(String what) {
    if (!(node instanceof MappingNode mapping)) {
      throw error("%s is %s; expected 'key: value' pairs".formatted(what, kind()));
    }
    Map<String, YamlPart> parts = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      YamlPart key = new YamlPart(file, tuple.getKeyNode());
      if (parts.put(key.text("a key of " + what), new YamlPart(file, tuple.getValueNode()))
          != null) {
        throw key.error("%s has '%s' twice".formatted(what, key.text("key")));
      }
    }
    return parts;
  }

  /** The same, with no other keys than those known. */
  public Map<String, YamlPart> mapping(String what, Collection<String> known) {
    Map<String, YamlPart> parts = mapping(what);
    parts.forEach((key, part) -> {
      if (!known.contains(key)) {
        throw part.error("unknown key '%s' in %s%s".formatted(key, what, Nearest.hint(key, known)));
      }
    });
    return parts;
  }

  /** The elements of a list. */
  public List<YamlPart> sequence(String what) {
    if (!(node instanceof SequenceNode sequence)) {
      throw error("%s is %s; expected a list of '- …'".formatted(what, kind()));
    }
    return sequence.getValue().stream().map(element -> new YamlPart(file, element)).toList();
  }

  /** One value as it was written. */
  public String text(String what) {
    if (!(node instanceof ScalarNode scalar)) {
      throw error("%s is %s; expected one value".formatted(what, kind()));
    }
    if (scalar.getTag().equals(Tag.NULL)) {
      throw error(what + " has no value");
    }
    return scalar.getValue();
  }

  boolean isSequence() {
    return node instanceof SequenceNode;
  }

  /** One value, or the values of a list. */
  public List<String> texts(String what) {
    return node instanceof SequenceNode
        ? sequence(what).stream().map(part -> part.text("an element of " + what)).toList()
        : List.of(text(what));
  }

  private String kind() {
    return switch (node) {
      case ScalarNode scalar when scalar.getTag().equals(Tag.NULL) -> "empty";
      case ScalarNode scalar -> "'" + scalar.getValue() + "'";
      case SequenceNode sequence -> "a list of " + sequence.getValue().size();
      default -> "a mapping";
    };
  }
}
