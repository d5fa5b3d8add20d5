package io.condenser.cli.report;

import io.condenser.cli.Elapsed;
import io.condenser.storage.InputException;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What made the results: the recipe's record, {@code run.json}, where there is one, and the machine
 * that writes the report.
 *
 * @param facts short things worth knowing, by name
 * @param steps the recipe's stages so far
 * @param recipe the recipe's text; empty without a record
 * @param libraries file names of the jars that run, versions in them
 */
public record RunFacts(
    Map<String, String> facts, List<Step> steps, String recipe, List<String> libraries) {
  private static final JsonMapper JSON = JsonMapper.shared();

  public RunFacts {
    facts = new LinkedHashMap<>(facts);
    steps = List.copyOf(steps);
    libraries = List.copyOf(libraries);
  }

  /** A stage that is done, with its settings by name. */
  public record Step(String name, String stage, double seconds, Map<String, String> settings) {
    public Step {
      settings = new LinkedHashMap<>(settings);
    }
  }

  /**
   * Reads a record.
   *
   * @param record the recipe's {@code run.json}, or null
   */
  public static RunFacts read(@Nullable Path record) {
    JsonNode root = record == null ? JSON.createObjectNode() : parse(record);
    List<Step> steps = new ArrayList<>();
    for (JsonNode stage : root.path("stages")) {
      steps.add(
          new Step(
              stage.path("name").asString(""),
              stage.path("stage").asString(""),
              stage.path("seconds").asDouble(0),
              texts(stage.path("settings"))));
    }
    Map<String, String> facts = new LinkedHashMap<>();
    put(facts, "recipe", root.path("name").asString(""));
    put(facts, "started", root.path("started").asString("").replace("T", " ").replace("Z", " UTC"));
    if (!steps.isEmpty()) {
      double seconds = steps.stream().mapToDouble(Step::seconds).sum();
      put(facts, "duration", Elapsed.of(seconds) + " in " + steps.size() + " stages");
    }
    put(facts, "commit", root.path("commit").asString(""));
    machine(facts);
    return new RunFacts(facts, steps, root.path("text").asString(""), jars());
  }

  private static JsonNode parse(Path record) {
    try {
      return JSON.readTree(Files.readString(record));
    } catch (JacksonException e) {
      throw InputException.in(record, "not JSON; expected a recipe's run.json", e);
    } catch (IOException e) {
      throw InputException.in(record, "cannot be read; expected a recipe's run.json", e);
    }
  }

  private static Map<String, String> texts(JsonNode object) {
    Map<String, String> texts = new LinkedHashMap<>();
    object.properties().forEach(e -> texts.put(e.getKey(), e.getValue().asString("")));
    return texts;
  }

  private static void machine(Map<String, String> facts) {
    int cores = Runtime.getRuntime().availableProcessors();
    put(facts, "processor", processor() + cores + (cores == 1 ? " core" : " cores"));
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean system) {
      double gibibytes = system.getTotalMemorySize() / Math.pow(2, 30);
      put(facts, "memory", String.format(Locale.ROOT, "%.0f GiB", gibibytes));
    }
    put(facts, "system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    put(facts, "Java", System.getProperty("java.vendor") + " " + Runtime.version());
  }

  /** The processor's name and a comma, where the system tells it. */
  private static String processor() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .findFirst()
          .map(line -> line.replaceFirst("[^:]*:\\s*", "") + ", ")
          .orElse("");
    } catch (IOException e) {
      return ""; // not Linux
    }
  }

  private static List<String> jars() {
    String path = System.getProperty("java.class.path", "");
    return Stream.of(path.split(File.pathSeparator, -1))
        .filter(entry -> entry.endsWith(".jar"))
        .map(entry -> Path.of(entry).getFileName().toString().replaceFirst("\\.jar$", ""))
        .sorted()
        .distinct()
        .toList();
  }

  private static void put(Map<String, String> facts, String name, String value) {
    if (!value.isBlank()) {
      facts.put(name, value);
    }
  }

  /** The same for programs. */
  ObjectNode json() {
    ObjectNode root = JSON.createObjectNode();
    facts.forEach(root::put);
    ObjectNode seconds = root.putObject("seconds");
    steps.forEach(step -> seconds.put(step.name(), step.seconds()));
    return root;
  }
}
