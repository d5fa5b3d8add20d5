package io.condenser.cli.javadoc;

import io.condenser.cli.Console;
import io.condenser.cli.MavenArtifacts;
import io.condenser.cli.Setting;
import io.condenser.cli.Stage;
import io.condenser.cli.StageType;
import io.condenser.cli.javadoc.BeirFolder.Split;
import io.condenser.storage.InputException;
import io.condenser.storage.Replacement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Makes a retrieval corpus of libraries' Javadoc, in BEIR's layout. What becomes a passage and what
 * a query: {@link JavadocCorpus}. Queries are split by the file they come from, so that a held-out
 * query asks for members of a class about which nothing was asked in training.
 */
public record JavadocStage(
    @Setting("Source jars: files, or maven:GROUP:ARTIFACT:VERSION") List<String> libraries,
    @Setting("Folder to write: corpus.jsonl, queries.jsonl, qrels/{train,dev,test}.tsv") Path out,
    @Setting(
            value = "Most characters of a passage's comment, 0 or more; cut after a sentence",
            byDefault = "240")
        int proseChars,
    @Setting(value = "Most characters of a passage's code, 40 or more", byDefault = "240")
        int codeChars,
    @Setting(value = "Seed of the split into train, dev and test", byDefault = "42") long seed)
    implements Stage {

  /** How users know it. */
  public static final StageType TYPE =
      StageType.of(
          "javadoc",
          JavadocStage.class,
          "Makes a corpus of Javadoc: first sentences are queries, their members the passages.",
          "javadoc --libraries maven:org.apache.commons:commons-lang3:3.14.0 --out data/javadoc");

  private static final String MAVEN = "maven:";

  public JavadocStage {
    libraries = List.copyOf(libraries);
    if (libraries.isEmpty()) {
      throw new InputException("libraries is empty; expected at least one source jar");
    }
    atLeast("prose-chars", proseChars, 0);
    atLeast("code-chars", codeChars, 40);
  }

  private static void atLeast(String name, int value, int least) {
    if (value < least) {
      throw new InputException("%s is %d; expected at least %d".formatted(name, value, least));
    }
  }

  @Override
  public List<Path> inputs() {
    return libraries.stream().filter(l -> !l.startsWith(MAVEN)).map(Path::of).toList();
  }

  @Override
  public List<Path> outputs() {
    return List.of(out);
  }

  @Override
  public List<String> foldersMarks() {
    return List.of(OURS);
  }

  @Override
  public void run(Console console) throws IOException {
    List<Member> members = new ArrayList<>();
    try (MavenArtifacts maven = MavenArtifacts.open(console)) {
      for (String library : libraries) {
        Path jar =
            library.startsWith(MAVEN)
                ? maven.jar(library.substring(MAVEN.length()) + ":sources")
                : Path.of(library);
        members.addAll(members(jar, console));
      }
    }
    JavadocCorpus corpus = JavadocCorpus.of(members, proseChars, codeChars);
    if (corpus.questions().isEmpty()) {
      throw new InputException(
          libraries + " hold no comment that could be a query; are these source jars?");
    }
    Map<Split, Integer> queries = new EnumMap<>(Split.class);
    Replacement.directory(out, aside -> queries.putAll(BeirFolder.write(aside, corpus, seed)));
    summarise(corpus, queries, console);
  }

  private static List<Member> members(Path jar, Console console) throws IOException {
    String name = jar.getFileName().toString().replaceFirst("(-sources)?\\.jar$", "");
    List<Member> members = MemberReader.read(sources(jar, name), console::say);
    console.say("%s: %d documented members".formatted(name, members.size()));
    return members;
  }

  private static Map<String, String> sources(Path jar, String library) throws IOException {
    if (!Files.isRegularFile(jar)) {
      throw InputException.in(jar, "no such file; expected a jar of Java sources");
    }
    Map<String, String> sources = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(jar.toFile(), StandardCharsets.UTF_8)) {
      List<? extends ZipEntry> files =
          zip.stream()
              .filter(file -> file.getName().endsWith(".java"))
              .sorted(Comparator.comparing(ZipEntry::getName))
              .toList();
      for (ZipEntry file : files) {
        byte[] bytes = zip.getInputStream(file).readAllBytes();
        sources.put(library + "/" + file.getName(), new String(bytes, StandardCharsets.UTF_8));
      }
    } catch (ZipException e) {
      throw InputException.in(jar, "not a jar: " + e.getMessage(), e);
    }
    return sources;
  }

  private static void summarise(
      JavadocCorpus corpus, Map<Split, Integer> queries, Console console) {
    console.say(
        "%d passages; queries: %d train, %d dev, %d test"
            .formatted(
                corpus.entries().size(),
                queries.get(Split.TRAIN),
                queries.get(Split.DEV),
                queries.get(Split.TEST)));
    console.say(
        "sentences that became no query: "
            + corpus.refused().entrySet().stream()
                .map(r -> words(r.getKey()) + " " + r.getValue())
                .collect(Collectors.joining(", ")));
  }

  private static String words(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
