package io.condenser.cli.dataset;

import io.condenser.cli.Console;
import io.condenser.cli.Setting;
import io.condenser.cli.Stage;
import io.condenser.cli.StageType;
import io.condenser.evaluation.Run;
import io.condenser.evaluation.ScoredPassage;
import io.condenser.storage.InputException;
import io.condenser.storage.Replacement;
import io.condenser.text.AnswerStrings;
import io.condenser.text.DprResult;
import io.condenser.text.JsonWriter;
import io.condenser.text.Passage;
import io.condenser.text.Queries;
import io.condenser.text.Query;
import io.condenser.text.RecordReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code export-run}: a run in the form that other programs read. */
public record ExportRunStage(
    @Setting("Run to export: a TREC or MS MARCO run") Path run,
    @Setting(
            value = "Form to write: MS MARCO's run, TREC's run, or DPR's JSON with the texts",
            byDefault = "msmarco")
        Format format,
    @Setting(value = "Passages of each query, the first ones, at least 1", byDefault = "1000")
        int k,
    @Setting(value = "Queries of the run; for dpr", byDefault = Setting.ABSENT)
        @Nullable Path queries,
    @Setting(value = "Corpus that was searched; for dpr", byDefault = Setting.ABSENT)
        @Nullable Path corpus,
    @Setting("File to write") Path out)
    implements Stage {

  /** What to write. */
  public enum Format {
    MSMARCO,
    TREC,
    DPR
  }

  /** How users know it. */
  public static final StageType TYPE =
      StageType.of(
          "export-run",
          ExportRunStage.class,
          "Writes a run as MS MARCO, TREC or DPR have it.",
          "export-run --run work/test.run --format dpr --queries data/queries/test.jsonl"
              + " --corpus data/corpus.jsonl --out test.json");

  public ExportRunStage {
    if (k < 1) {
      throw new InputException("k is %d; expected at least 1".formatted(k));
    }
    boolean texts = queries != null && corpus != null;
    if (format == Format.DPR && !texts) {
      throw new InputException("format is dpr, which holds texts: give queries and corpus");
    }
    if (format != Format.DPR && (queries != null || corpus != null)) {
      throw new InputException("queries and corpus are for format dpr alone");
    }
  }

  @Override
  public List<Path> inputs() {
    return Stream.of(run, queries, corpus).filter(Objects::nonNull).toList();
  }

  @Override
  public List<Path> outputs() {
    return List.of(out);
  }

  @Override
  public void run(Console console) throws IOException {
    Run cut = cut(Run.read(run));
    if (queries != null && corpus != null) {
      writeDpr(cut, queries, corpus);
    } else if (format == Format.MSMARCO) {
      cut.writeMsMarco(out);
    } else {
      cut.writeTrec(out, "condenser");
    }
    console.say("%s: rankings of %d queries".formatted(out, cut.queries().size()));
  }

  private Run cut(Run whole) {
    Run.Builder cut = new Run.Builder();
    for (String query : whole.queries()) {
      whole.ranking(query).stream().limit(k).forEach(p -> cut.add(query, p.id(), p.score()));
    }
    return cut.build();
  }

  private void writeDpr(Run cut, Path queryFile, Path corpusFile) throws IOException {
    Set<String> wanted = new HashSet<>();
    cut.queries().forEach(q -> cut.ranking(q).forEach(ranked -> wanted.add(ranked.id())));
    try (StoredPassages passages = StoredPassages.read(corpusFile, wanted)) {
      Replacement.file(
          out,
          aside -> {
            Set<String> left = new HashSet<>(cut.queries());
            try (JsonWriter writer = JsonWriter.array(aside);
                RecordReader<Query> reader = Queries.open(queryFile)) {
              for (Query query = reader.next(); query != null; query = reader.next()) {
                if (left.remove(query.id())) {
                  writer.write(result(query, cut.ranking(query.id()), passages).json());
                }
              }
            }
            if (!left.isEmpty()) {
              throw InputException.in(
                  queryFile,
                  "lacks %d queries of %s, for example '%s'"
                      .formatted(left.size(), run, left.iterator().next()));
            }
          });
    }
  }

  private static DprResult result(Query query, List<ScoredPassage> ranking, StoredPassages passages)
      throws IOException {
    AnswerStrings answers = AnswerStrings.of(query.answers());
    List<DprResult.Hit> hits = new ArrayList<>();
    for (ScoredPassage ranked : ranking) {
      Passage passage = passages.get(ranked.id());
      hits.add(new DprResult.Hit(passage, ranked.score(), answers.areIn(passage.text())));
    }
    return new DprResult(query, hits);
  }
}
