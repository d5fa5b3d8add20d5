package io.condenser.cli;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The rooms of the house and the arrows between them: docs/architecture.md draws what is here. */
class RoomsTest {
  /** Which rooms each room may know. */
  private static final Map<String, List<String>> MAY_KNOW =
      Map.of(
          "storage", List.of(),
          "evaluation", List.of("storage"),
          "text", List.of("storage"),
          "model", List.of("storage", "text"),
          "training", List.of("storage", "text", "model"),
          "retrieval", List.of("storage", "evaluation", "text", "model"),
          "benchmarks", List.of("storage", "evaluation", "text", "model", "training", "retrieval"),
          "cli",
              List.of(
                  "storage", "evaluation", "text", "model", "training", "retrieval", "benchmarks"));

  private static final Path ROOT = root();

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.condenser");

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("condenser"))) {
      folder = java.util.Objects.requireNonNull(folder.getParent(), "no launcher above");
    }
    return folder;
  }

  @Test
  void roomsKnowOnlyTheRoomsTheyMay() {
    LayeredArchitecture rooms = layeredArchitecture().consideringOnlyDependenciesInLayers();
    for (String room : MAY_KNOW.keySet()) {
      rooms = rooms.layer(room).definedBy("io.condenser." + room + "..");
    }
    for (Map.Entry<String, List<String>> room : MAY_KNOW.entrySet()) {
      rooms =
          room.getValue().isEmpty()
              ? rooms.whereLayer(room.getKey()).mayNotAccessAnyLayer()
              : rooms
                  .whereLayer(room.getKey())
                  .mayOnlyAccessLayers(room.getValue().toArray(String[]::new));
    }
    rooms.check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.condenser.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void everyModuleIsARoomThatIsCheckedHereAndDrawnOnTheMap() throws IOException {
    List<String> modules =
        Pattern.compile("<module>(\\w+)</module>")
            .matcher(Files.readString(ROOT.resolve("pom.xml")))
            .results()
            .map(match -> match.group(1))
            .toList();
    assertThat(modules).containsExactlyInAnyOrderElementsOf(MAY_KNOW.keySet());
    for (String document : List.of("docs/architecture.md", "README.md")) {
      String text = Files.readString(ROOT.resolve(document));
      assertThat(modules).as(document).allSatisfy(m -> assertThat(text).contains("| `" + m + "`"));
    }
  }
}
