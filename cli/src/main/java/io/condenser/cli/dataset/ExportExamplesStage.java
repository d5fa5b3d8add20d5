package io.condenser.cli.dataset;

import io.condenser.cli.Console;
import io.condenser.cli.Setting;
import io.condenser.cli.Stage;
import io.condenser.cli.StageType;
import io.condenser.evaluation.Qrels;
import io.condenser.storage.InputException;
import io.condenser.storage.Replacement;
import io.condenser.text.JsonWriter;
import io.condenser.text.Negatives;
import io.condenser.text.Passage;
import io.condenser.text.Queries;
import io.condenser.text.Query;
import io.condenser.text.RecordReader;
import io.condenser.text.TrainingExample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** {@code export-examples}: training data with their texts, for other programs to train on. */
public record ExportExamplesStage(
    @Setting("Queries; those with a relevant passage are written") Path queries,
    @Setting("Judgments of the training queries") Path qrels,
    @Setting("Corpus with the passages") Path corpus,
    @Setting(
            value = "Files of negatives, as 'mine' writes them; those of several are joined",
            byDefault = Setting.ABSENT)
        List<Path> negatives,
    @Setting(value = "Whose form: Tevatron's JSON lines or DPR's array", byDefault = "tevatron")
        Format format,
    @Setting("File to write") Path out)
    implements Stage {

  /** Whose form. */
  public enum Format {
    TEVATRON,
    DPR
  }

  /** How users know it. */
  public static final StageType TYPE =
      StageType.of(
          "export-examples",
          ExportExamplesStage.class,
          "Writes training examples with their texts, as Tevatron or DPR read them.",
          "export-examples --queries data/queries.jsonl --qrels data/qrels/train.tsv"
              + " --corpus data/corpus.jsonl --negatives work/negatives.jsonl --out train.jsonl");

  public ExportExamplesStage {
    negatives = List.copyOf(negatives);
  }

  @Override
  public List<Path> inputs() {
    return Stream.concat(Stream.of(queries, qrels, corpus), negatives.stream()).toList();
  }

  @Override
  public List<Path> outputs() {
    return List.of(out);
  }

  @Override
  public void run(Console console) throws IOException {
    Map<String, List<String>> positives = positives(Qrels.read(qrels));
    Map<String, Set<String>> wrong = readNegatives(positives.keySet());
    Set<String> wanted = new HashSet<>();
    positives.values().forEach(wanted::addAll);
    wrong.values().forEach(wanted::addAll);
    int[] written = new int[1];
    try (StoredPassages passages = StoredPassages.read(corpus, wanted)) {
      Replacement.file(
          out,
          aside -> {
            try (JsonWriter writer =
                    format == Format.DPR ? JsonWriter.array(aside) : JsonWriter.lines(aside);
                RecordReader<Query> reader = Queries.open(queries)) {
              for (Query query = reader.next(); query != null; query = reader.next()) {
                List<String> relevant = positives.get(query.id());
                if (relevant != null) {
                  TrainingExample example =
                      new TrainingExample(
                          query,
                          texts(relevant, passages),
                          texts(wrong.getOrDefault(query.id(), Set.of()), passages));
                  writer.write(format == Format.DPR ? example.dpr() : example.tevatron());
                  written[0]++;
                }
              }
            }
            if (written[0] == 0) {
              throw InputException.in(
                  queries,
                  "holds no query with a relevant passage in %s; do the two belong together?"
                      .formatted(qrels));
            }
          });
    }
    console.say("%s: %d examples".formatted(out, written[0]));
  }

  private static Map<String, List<String>> positives(Qrels qrels) {
    Map<String, List<String>> positives = new HashMap<>();
    for (String query : qrels.queries()) {
      List<String> relevant =
          qrels.of(query).keySet().stream().filter(p -> qrels.isRelevant(query, p)).toList();
      if (!relevant.isEmpty()) {
        positives.put(query, relevant);
      }
    }
    return positives;
  }

  private Map<String, Set<String>> readNegatives(Set<String> wanted) {
    Map<String, Set<String>> all = new HashMap<>();
    for (Path file : negatives) {
      try (RecordReader<Negatives> reader = Negatives.open(file)) {
        for (Negatives each = reader.next(); each != null; each = reader.next()) {
          if (wanted.contains(each.query())) {
            all.computeIfAbsent(each.query(), q -> new LinkedHashSet<>()).addAll(each.negatives());
          }
        }
      }
    }
    return all;
  }

  private static List<Passage> texts(Collection<String> ids, StoredPassages passages)
      throws IOException {
    List<Passage> texts = new ArrayList<>();
    for (String id : ids) {
      texts.add(passages.get(id));
    }
    return texts;
  }
}
