package io.condenser.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a tree of its own, with a JDK and a Maven that only say how they were called. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a shell script")
class LauncherTest {
  @TempDir private Path folder;
  private Path root = Path.of("");
  private Path jdk = Path.of("");
  private Path source = Path.of("");

  @BeforeEach
  void furnish() throws IOException {
    root = Files.createDirectories(folder.resolve("a tree"));
    executable(root.resolve("condenser"), Files.readString(launcher()));
    Files.writeString(
        root.resolve("pom.xml"), "<condenser.jvm.options>-Dfrom=pom</condenser.jvm.options>\n");
    Files.createDirectories(root.resolve(".mvn"));
    source = Files.createDirectories(root.resolve("cli/src/main")).resolve("A.java");
    Files.writeString(source, "class A {}\n");
    Files.writeString(root.resolve("cli/pom.xml"), "<project/>\n");
    jdk = jdk("jdk-new", "25.0.1");
    executable(
        folder.resolve("bin/mvn"),
        """
        #!/bin/sh
        echo "$JAVA_HOME $*" >>"%s/builds"
        mkdir -p "%s/cli/target/lib"
        """
            .formatted(folder, root));
  }

  private static Path launcher() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("condenser"))) {
      at = Objects.requireNonNull(at.getParent(), "no launcher above");
    }
    return at.resolve("condenser");
  }

  private Path jdk(String name, String version) throws IOException {
    Path home = folder.resolve(name);
    executable(home.resolve("bin/java"), "#!/bin/sh\nprintf '%s\\n' \"" + name + "\" \"$@\"\n");
    executable(home.resolve("bin/javac"), "#!/bin/sh\n");
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    return home;
  }

  private static void executable(Path file, String text) throws IOException {
    Files.createDirectories(Objects.requireNonNull(file.getParent(), "a file has a folder"));
    Files.writeString(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private record Said(int status, String out, String err) {}

  private Said call(Path command, Map<String, String> environment, String... arguments)
      throws Exception {
    List<String> words = new ArrayList<>(List.of(command.toString()));
    words.addAll(List.of(arguments));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder process =
        new ProcessBuilder(words)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    process.environment().put("PATH", folder.resolve("bin") + ":/usr/bin:/bin");
    process.environment().put("JAVA_HOME", jdk.toString());
    process.environment().remove("CONDENSER_GPU"); // of whoever runs the tests
    process.environment().putAll(environment);
    Process started = process.start();
    assertThat(started.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Said(
        started.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  private Said call(String... arguments) throws Exception {
    return call(root.resolve("condenser"), Map.of(), arguments);
  }

  private List<String> builds() throws IOException {
    Path builds = folder.resolve("builds");
    return Files.exists(builds) ? Files.readAllLines(builds) : List.of();
  }

  @Test
  void theFirstUseBuildsAndTheSecondDoesNot() throws Exception {
    Said first = call("--help");
    Said second = call("evaluate", "--run", "a b");

    assertThat(first.err()).contains("building");
    assertThat(second.err()).isEmpty();
    assertThat(builds()).hasSize(1);
    assertThat(builds().getFirst()).startsWith(jdk + " ").contains("package");
    assertThat(second.out().lines())
        .startsWith("jdk-new")
        .contains("-Dfrom=pom")
        .endsWith("io.condenser.cli.command.Condenser", "evaluate", "--run", "a b");
  }

  @Test
  void changedAddedAndDeletedSourcesBuildAgain() throws Exception {
    call("x");
    Files.writeString(source, "class B {}\n");
    call("x");
    Path added = Files.writeString(source.resolveSibling("C.java"), "class C {}\n");
    call("x");
    Files.delete(added);
    call("x");
    call("x");

    assertThat(builds()).hasSize(4);
  }

  @Test
  void aBuildForGpusStaysOneUntilItIsTakenBack() throws Exception {
    Path launcher = root.resolve("condenser");
    call("x");
    call(launcher, Map.of("CONDENSER_GPU", "1"), "x");
    call("x");
    Files.writeString(source, "class B {}\n");
    call("x");
    call(launcher, Map.of("CONDENSER_GPU", "0"), "x");
    call("x");

    assertThat(builds().stream().map(build -> build.contains(" -Pgpu ")))
        .containsExactly(false, true, true, false);
  }

  @Test
  void otherWordsForGpusAreRefused() throws Exception {
    Said said = call(root.resolve("condenser"), Map.of("CONDENSER_GPU", "yes"), "x");

    assertThat(said.status()).isEqualTo(1);
    assertThat(said.err()).contains("CONDENSER_GPU is 'yes'; expected 1, 0 or nothing");
    assertThat(builds()).isEmpty();
  }

  @Test
  void aFailedBuildSaysWhatMavenSaidAndRunsNothing() throws Exception {
    executable(folder.resolve("bin/mvn"), "#!/bin/sh\necho 'A.java:1: broken'\nexit 1\n");
    Said said = call("x");

    assertThat(said.status()).isEqualTo(1);
    assertThat(said.out()).isEmpty();
    assertThat(said.err()).contains("A.java:1: broken", "the build failed");
    assertThat(root.resolve("cli/target/build.lock")).doesNotExist();
  }

  @Test
  void theLockOfAProcessThatIsGoneIsTakenOver() throws Exception {
    Path lock = Files.createDirectories(root.resolve("cli/target/build.lock"));
    Files.writeString(lock.resolve("pid"), "99999999\n");

    assertThat(call("x").status()).isZero();
    assertThat(lock).doesNotExist();
  }

  @Test
  void aJavaHomeThatIsTooOldIsPassedOver() throws Exception {
    Path old = jdk("jdk-old", "17.0.2");
    Files.createDirectories(folder.resolve("home/.jdks"));
    Files.move(jdk, folder.resolve("home/.jdks/jdk-new"));
    Said said =
        call(
            root.resolve("condenser"),
            Map.of("JAVA_HOME", old.toString(), "HOME", folder.resolve("home").toString()),
            "x");

    // This machine's own JDK may be found first; the old one never is.
    assertThat(said.out()).doesNotContain("jdk-old");
    assertThat(builds()).allSatisfy(build -> assertThat(build).doesNotStartWith(old.toString()));
  }

  @Test
  void withoutAJdkItSaysWhatToInstall() throws Exception {
    Path launcher = root.resolve("condenser");
    executable(launcher, Files.readString(launcher).replace("needed=25", "needed=999"));
    Said said = call("x");

    assertThat(said.status()).isEqualTo(1);
    assertThat(said.err()).contains("needs a JDK 999", "JAVA_HOME (" + jdk + ")", "apt install");
    assertThat(builds()).isEmpty();
  }

  @Test
  void itWorksThroughASymbolicLink() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("a tree/condenser"));

    assertThat(call(link, Map.of(), "x").out()).contains("-Dcondenser.home=" + root.toRealPath());
  }

  @Test
  void testRunsTheWholeSuite() throws Exception {
    assertThat(call("test").status()).isZero();
    assertThat(builds()).hasSize(1).first().asString().endsWith(" verify");
  }
}
