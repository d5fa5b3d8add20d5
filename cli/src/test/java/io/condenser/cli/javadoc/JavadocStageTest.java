package io.condenser.cli.javadoc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.cli.Console;
import io.condenser.evaluation.Qrels;
import io.condenser.storage.Fingerprint;
import io.condenser.storage.InputException;
import io.condenser.text.Passage;
import io.condenser.text.Passages;
import io.condenser.text.Queries;
import io.condenser.text.Query;
import io.condenser.text.RecordReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a source jar of forty files to the folder that training and evaluation read. */
class JavadocStageTest {
  private static final int FILES = 40;

  @TempDir Path folder;
  private final List<String> said = new ArrayList<>();
  private Path jar;

  @BeforeEach
  void packSources() throws IOException {
    jar = folder.resolve("things-1.0-sources.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(file)) {
      entry(zip, "META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n");
      entry(zip, "org/example/package-info.java", "/** A package. */\npackage org.example;\n");
      for (int i = 0; i < FILES; i++) {
        entry(zip, "org/example/T" + i + ".java", source(i));
      }
    }
  }

  private static String source(int i) {
    return """
    package org.example;
    /** Keeps specimen number %1$d under glass. Beware. */
    public class T%1$d {
      /** Polishes every lens of cabinet %1$d. @return the lenses of cabinet %1$d, polished */
      public int polish() { return %1$d; }
      /** Polishes every lens of cabinet %1$d. */
      public int polish(int times) { return times * %1$d; }
    }
    """
        .formatted(i);
  }

  private static void entry(ZipOutputStream zip, String name, String text) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(text.getBytes(StandardCharsets.UTF_8));
    zip.closeEntry();
  }

  @Test
  void everyJudgmentNamesAPassageAndAQuery() throws IOException {
    Path out = run("out", 42);
    Map<String, Passage> passages = passages(out);
    Map<String, String> queries = queries(out);
    Map<String, Set<String>> relevant = new HashMap<>();
    for (String split : List.of("train", "dev", "test")) {
      Qrels qrels = Qrels.read(out.resolve("qrels/" + split + ".tsv"));
      for (String query : qrels.queries()) {
        assertThat(relevant.put(query, qrels.of(query).keySet())).isNull(); // in one split only
      }
    }
    assertThat(passages).hasSize(3 * FILES);
    assertThat(relevant.keySet()).isEqualTo(queries.keySet()).hasSize(2 * FILES);
    assertThat(passages.keySet())
        .containsAll(relevant.values().stream().flatMap(Set::stream).toList());
  }

  @Test
  void noFileGivesQueriesToTwoSplits() throws IOException {
    Path out = run("out", 42);
    Map<String, Passage> passages = passages(out);
    Set<@Nullable String> seen = new HashSet<>();
    for (String split : List.of("train", "dev", "test")) {
      Qrels qrels = Qrels.read(out.resolve("qrels/" + split + ".tsv"));
      Set<@Nullable String> files = new HashSet<>();
      for (String query : qrels.queries()) {
        for (String id : qrels.of(query).keySet()) {
          files.add(Objects.requireNonNull(passages.get(id)).doc());
        }
      }
      assertThat(files).isNotEmpty().allSatisfy(file -> assertThat(seen.add(file)).isTrue());
    }
    assertThat(seen).hasSize(FILES);
  }

  @Test
  void noQueryStandsInAPassage() throws IOException {
    Path out = run("out", 42);
    List<String> texts =
        passages(out).values().stream().map(p -> QueryRules.normal(p.text())).toList();
    for (String query : queries(out).values()) {
      assertThat(texts).noneMatch(text -> text.contains(QueryRules.normal(query)));
    }
  }

  @Test
  void theSameSeedMakesTheSameFolderAndAnotherAnotherSplit() throws IOException {
    assertThat(fingerprint(run("a", 42))).isEqualTo(fingerprint(run("b", 42)));
    assertThat(Files.readString(run("c", 7).resolve("qrels/test.tsv")))
        .isNotEqualTo(Files.readString(folder.resolve("a/qrels/test.tsv")));
  }

  @Test
  void itSaysHowMuchThereIs() throws IOException {
    run("out", 42);
    assertThat(said).contains("things-1.0: 120 documented members");
    assertThat(said).anyMatch(line -> line.startsWith("120 passages; queries: "));
  }

  @Test
  void whatIsNoSourceJarIsRefused() throws IOException {
    Path text = Files.writeString(folder.resolve("text.jar"), "no zip at all");
    assertThatThrownBy(() -> stage(text, "out", 42).run(console()))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(text + ": not a jar: ");
    assertThatThrownBy(() -> stage(folder.resolve("none.jar"), "out", 42).run(console()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("none.jar: no such file");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  private Path run(String out, long seed) throws IOException {
    stage(jar, out, seed).run(console());
    return folder.resolve(out);
  }

  private JavadocStage stage(Path library, String out, long seed) {
    return new JavadocStage(List.of(library.toString()), folder.resolve(out), 240, 240, seed);
  }

  private static String fingerprint(Path out) {
    return new Fingerprint().add("out", out).hex();
  }

  private static Map<String, Passage> passages(Path out) {
    Map<String, Passage> all = new HashMap<>();
    try (RecordReader<Passage> reader = Passages.open(out.resolve("corpus.jsonl"))) {
      for (Passage p = reader.next(); p != null; p = reader.next()) {
        all.put(p.id(), p);
      }
    }
    return all;
  }

  private static Map<String, String> queries(Path out) {
    Map<String, String> all = new HashMap<>();
    try (RecordReader<Query> reader = Queries.open(out.resolve("queries.jsonl"))) {
      for (Query q = reader.next(); q != null; q = reader.next()) {
        all.put(q.id(), q.text());
      }
    }
    return all;
  }

  private Console console() {
    return new Console() {
      @Override
      public void say(String line) {
        said.add(line);
      }

      @Override
      public void result(String text) {
        throw new AssertionError("nothing was asked for: " + text);
      }

      @Override
      public Progress progress(String what, long total, String unit) {
        throw new AssertionError("nothing takes long: " + what);
      }
    };
  }
}
