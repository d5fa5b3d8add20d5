package io.condenser.cli.dataset;

import io.condenser.cli.Console;
import io.condenser.cli.Setting;
import io.condenser.cli.Stage;
import io.condenser.cli.StageType;
import io.condenser.storage.InputException;
import io.condenser.storage.Replacement;
import io.condenser.text.Passage;
import io.condenser.text.Passages;
import io.condenser.text.RecordReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code import}: a data set's official files to the one layout that everything else reads. {@code
 * docs/formats.md} lists the formats.
 */
public record ImportStage(
    @Setting(
            value =
                "Files of passages or documents, any format; passages of examples come after them",
            byDefault = Setting.ABSENT)
        List<Path> corpus,
    @Setting(
            value = "File of the passages' titles, id and title, in the order of the corpus",
            byDefault = Setting.ABSENT)
        @Nullable Path titles,
    @Setting(
            value =
                "Files about the training queries: queries, judgments, training examples,"
                    + " negatives, triples, top1000; any format",
            byDefault = Setting.ABSENT)
        List<Path> train,
    @Setting(value = "The same of the development queries", byDefault = Setting.ABSENT)
        List<Path> dev,
    @Setting(value = "The same of the test queries", byDefault = Setting.ABSENT) List<Path> test,
    @Setting(
            value = "Negatives to keep of each query, the first ones, at least 1",
            byDefault = "30")
        int negatives,
    @Setting("Folder to write: corpus.jsonl, queries.jsonl, queries/, qrels/, negatives/, runs/")
        Path out)
    implements Stage {

  /** How users know it. */
  public static final StageType TYPE =
      StageType.of(
          "import",
          ImportStage.class,
          "Brings a data set's official files into the one layout that all else reads.",
          "import --corpus collection.tsv --train queries.train.tsv,qrels.train.tsv"
              + " --dev queries.dev.small.tsv,qrels.dev.small.tsv --out data/msmarco");

  public ImportStage {
    corpus = List.copyOf(corpus);
    train = List.copyOf(train);
    dev = List.copyOf(dev);
    test = List.copyOf(test);
    if (Stream.of(corpus, train, dev, test).allMatch(List::isEmpty)) {
      throw new InputException("nothing to import; give corpus, train, dev or test");
    }
    if (titles != null && corpus.isEmpty()) {
      throw new InputException("titles without a corpus; give both");
    }
    if (negatives < 1) {
      throw new InputException("negatives is %d; expected at least 1".formatted(negatives));
    }
  }

  @Override
  public List<Path> inputs() {
    return Stream.of(corpus, titles == null ? List.<Path>of() : List.of(titles), train, dev, test)
        .flatMap(List::stream)
        .distinct()
        .toList();
  }

  @Override
  public List<Path> outputs() {
    return List.of(out);
  }

  @Override
  public void run(Console console) throws IOException {
    requireReplaceable();
    List<String> said = new ArrayList<>();
    Replacement.directory(out, aside -> write(aside, said, console));
    said.forEach(console::say);
  }

  @Override
  public List<String> foldersMarks() {
    return List.of(OURS);
  }

  /** Refuses to replace a folder that holds anything but what an import writes. */
  private void requireReplaceable() throws IOException {
    if (!Files.isDirectory(out)) {
      return;
    }
    try (Stream<Path> files = Files.list(out)) {
      files
          .filter(file -> !DatasetFolder.NAMES.contains(file.getFileName().toString()))
          .findFirst()
          .ifPresent(other -> {
            throw InputException.in(
                out, "would be replaced, but holds %s; import to another folder".formatted(other));
          });
    }
  }

  private void write(Path aside, List<String> said, Console console) throws IOException {
    Files.writeString(aside.resolve(OURS), TYPE.name() + "\n");
    List<SplitImport> splits = new ArrayList<>();
    try (DatasetFolder folder = new DatasetFolder(aside)) {
      writeCorpus(folder, console);
      int ofCorpus = folder.passages();
      for (Map.Entry<String, List<Path>> split : splits().entrySet()) {
        splits.add(read(split.getKey(), split.getValue(), folder));
      }
      said.add(
          "%s: %d passages, %d of them from queries' files; %d queries"
              .formatted(out, folder.passages(), folder.passages() - ofCorpus, folder.queries()));
      for (SplitImport split : splits) {
        said.add(split.write(aside));
      }
    }
  }

  private void writeCorpus(DatasetFolder folder, Console console) throws IOException {
    try (Titles given = titles == null ? null : new Titles(titles);
        Console.Progress progress = console.progress("import", -1, "passages")) {
      for (Path file : corpus) {
        try (RecordReader<Passage> reader = Passages.open(file)) {
          for (Passage p = reader.next(); p != null; p = reader.next()) {
            if (!folder.add(given == null ? p : given.of(p))) {
              throw InputException.in(
                  file, "passage '%s' is in a corpus file before this one, too".formatted(p.id()));
            }
            progress.at(folder.passages());
          }
        }
      }
      if (given != null) {
        given.requireEnd();
      }
    }
  }

  /** The splits that have files. */
  private Map<String, List<Path>> splits() {
    Map<String, List<Path>> splits = new LinkedHashMap<>();
    splits.put("train", train);
    splits.put("dev", dev);
    splits.put("test", test);
    splits.values().removeIf(List::isEmpty);
    return splits;
  }

  private SplitImport read(String name, List<Path> files, DatasetFolder folder) throws IOException {
    SplitImport split = new SplitImport(name, folder, negatives);
    for (Path file : files) {
      split.read(file);
    }
    return split;
  }
}
