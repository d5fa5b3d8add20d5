package io.condenser.cli;

import io.condenser.cli.plan.Costs;
import io.condenser.cli.plan.Size;
import io.condenser.cli.plan.Sizes;
import io.condenser.cli.plan.Work;
import io.condenser.evaluation.Qrels;
import io.condenser.storage.InputException;
import io.condenser.storage.Replacement;
import io.condenser.text.JsonWriter;
import io.condenser.text.Passage;
import io.condenser.text.Passages;
import io.condenser.text.RecordReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * {@code sample-corpus}: a corpus small enough to try many settings on. The judged passages stay,
 * so that every query can still be answered; which others stay depends on their ids and the seed
 * alone. Measures are higher than on the whole corpus, which has more passages to mistake for
 * answers.
 */
public record SampleCorpusStage(
    @Setting("Corpus, JSON lines or TSV; its ids are held in memory") Path corpus,
    @Setting("Judgments whose passages all stay, separated by commas") List<Path> qrels,
    @Setting("Corpus to write, JSON lines as in BEIR") Path out,
    @Setting("How many passages stay, the judged ones among them") int count,
    @Setting(value = "Seed of the choice", byDefault = "42") long seed)
    implements Stage {

  /** The command, and a recipe's step. */
  public static final StageType TYPE =
      StageType.of(
          "sample-corpus",
          SampleCorpusStage.class,
          "Takes the judged passages of a corpus, and some of the others.",
          """
          sample-corpus --corpus corpus.jsonl --qrels train.tsv,dev.tsv --count 20000 \\
              --out small.jsonl\
          """);

  public SampleCorpusStage {
    qrels = List.copyOf(qrels);
    if (qrels.isEmpty()) {
      throw new InputException("qrels is empty; expected the judgments whose passages stay");
    }
    if (count < 1) {
      throw new InputException("count is %d; expected at least 1".formatted(count));
    }
  }

  @Override
  public List<Path> inputs() {
    return Stream.concat(Stream.of(corpus), qrels.stream()).toList();
  }

  @Override
  public List<Path> outputs() {
    return List.of(out);
  }

  @Override
  public Work work(Sizes sizes) {
    Size all = sizes.passages(corpus);
    double share = count / Math.max(count, all.records());
    Size some = Size.texts(count, all.tokens(), share * all.documents());
    return Costs.copying(2 * all.textBytes(), some.textBytes()).making(out, some);
  }

  @Override
  public void run(Console console) {
    Set<String> judged = judged();
    List<String> others = new ArrayList<>();
    int found = 0;
    try (RecordReader<Passage> passages = Passages.open(corpus)) {
      for (Passage p = passages.next(); p != null; p = passages.next()) {
        if (judged.contains(p.id())) {
          found++;
        } else {
          others.add(p.id());
        }
      }
    }
    if (found > count) {
      throw InputException.in(
          corpus,
          "has %,d judged passages, which all stay; count asks for %,d".formatted(found, count));
    }
    if (found + others.size() < count) {
      throw InputException.in(
          corpus, "has %,d passages; count asks for %,d".formatted(found + others.size(), count));
    }
    Set<String> chosen = new HashSet<>(judged);
    RandomSample some = new RandomSample(seed, "passage", count - found);
    others.forEach(some::offer);
    chosen.addAll(some.ids());
    write(chosen);
    console.say(
        "%s: %,d of %,d passages, %,d of them judged"
            .formatted(out, count, found + others.size(), found));
  }

  private Set<String> judged() {
    Set<String> judged = new HashSet<>();
    for (Path file : qrels) {
      Qrels all = Qrels.read(file);
      all.queries().forEach(query -> judged.addAll(all.of(query).keySet()));
    }
    return judged;
  }

  private void write(Set<String> chosen) {
    Replacement.file(
        out,
        aside -> {
          try (RecordReader<Passage> passages = Passages.open(corpus);
              JsonWriter writer = JsonWriter.lines(aside)) {
            for (Passage p = passages.next(); p != null; p = passages.next()) {
              if (chosen.contains(p.id())) {
                writer.write(Passages.json(p));
              }
            }
          }
        });
  }
}
