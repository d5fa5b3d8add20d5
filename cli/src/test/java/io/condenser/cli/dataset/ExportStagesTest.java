package io.condenser.cli.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.cli.RecordingConsole;
import io.condenser.evaluation.Run;
import io.condenser.storage.InputException;
import io.condenser.text.DprResult;
import io.condenser.text.Passage;
import io.condenser.text.RecordReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExportStagesTest {
  private final RecordingConsole console = new RecordingConsole();
  @TempDir private Path folder;

  /** A small data set in DPR's layout, imported. */
  private Imported dataset() throws IOException {
    Path corpus =
        Files.writeString(
            folder.resolve("psgs.tsv"),
            "id\ttext\ttitle\n1\t\"Ada wrote \"\"it\"\"\"\tA\n2\ttwo\tB\n3\tin 1911\tC\n");
    Path train =
        Files.writeString(
            folder.resolve("train.json"),
            """
            [{"question": "who wrote it", "answers": ["Ada"],
              "positive_ctxs": [{"title": "A", "text": "Ada wrote \\"it\\"", "passage_id": "1"}],
              "hard_negative_ctxs": [{"title": "C", "text": "in 1911", "passage_id": "3"},
                                     {"title": "B", "text": "two", "passage_id": "2"}]},
             {"question": "when", "answers": ["1911"],
              "positive_ctxs": [{"title": "C", "text": "in 1911", "passage_id": "3"}]}]
            """);
    return Imported.of(
        folder.resolve("data"), List.of(corpus), null, List.of(train), List.of(), List.of());
  }

  /** Training examples do not say which article a passage is of. */
  private static Map<String, Passage> withoutDocuments(Map<String, Passage> corpus) {
    Map<String, Passage> bare = new LinkedHashMap<>();
    corpus.forEach((id, passage) ->
        bare.put(id, new Passage(id, passage.title(), passage.text(), null, List.of())));
    return bare;
  }

  private Imported again(List<Path> train) throws IOException {
    return Imported.of(folder.resolve("again"), List.of(), null, train, List.of(), List.of());
  }

  @ParameterizedTest
  @EnumSource(ExportExamplesStage.Format.class)
  void exportedExamplesAreImportedAsTheSame(ExportExamplesStage.Format format) throws IOException {
    Imported data = dataset();
    Path out = folder.resolve("examples");
    new ExportExamplesStage(
            data.folder().resolve("queries.jsonl"),
            data.folder().resolve("qrels/train.tsv"),
            data.folder().resolve("corpus.jsonl"),
            List.of(data.folder().resolve("negatives/train.jsonl")),
            format,
            out)
        .run(console);
    Imported again = again(List.of(out));
    assertThat(again.queries("queries.jsonl")).isEqualTo(data.queries("queries.jsonl"));
    assertThat(again.corpus()).isEqualTo(withoutDocuments(data.corpus()));
    assertThat(again.negatives("train")).isEqualTo(data.negatives("train"));
    assertThat(again.folder().resolve("qrels/train.tsv"))
        .hasSameTextualContentAs(data.folder().resolve("qrels/train.tsv"));
    assertThat(console.remarks).containsExactly(out + ": 2 examples");
  }

  private Path run() throws IOException {
    return Files.writeString(
        folder.resolve("train.run"),
        "train-1 Q0 1 1 2.5 x\ntrain-1 Q0 2 2 1.5 x\ntrain-2 Q0 3 1 0.5 x\n");
  }

  @Test
  void anExportedDprResultHasTextsAndAnswersAndIsImportedAsTheSameRun() throws IOException {
    Imported data = dataset();
    Path out = folder.resolve("results.json");
    new ExportRunStage(
            run(),
            ExportRunStage.Format.DPR,
            100,
            data.folder().resolve("queries.jsonl"),
            data.folder().resolve("corpus.jsonl"),
            out)
        .run(console);
    try (RecordReader<DprResult> results = DprResult.open(out, "")) {
      DprResult first = Objects.requireNonNull(results.next());
      assertThat(first.query().answers()).containsExactly("Ada");
      assertThat(first.hits()).extracting(DprResult.Hit::hasAnswer).containsExactly(true, false);
      assertThat(first.hits().getFirst().passage().text()).isEqualTo("Ada wrote \"it\"");
    }
    assertThat(Run.read(again(List.of(out)).folder().resolve("runs/train.run")))
        .isEqualTo(Run.read(run()));
  }

  @Test
  void aRunIsCutAndWrittenAsMsMarcoHasIt() throws IOException {
    Path out = folder.resolve("run.tsv");
    new ExportRunStage(run(), ExportRunStage.Format.MSMARCO, 1, null, null, out).run(console);
    assertThat(out).hasContent("train-1\t1\t1\ntrain-2\t3\t1\n");
    assertThat(Run.read(out).ranking("train-1")).hasSize(1);
    new ExportRunStage(out, ExportRunStage.Format.TREC, 1, null, null, folder.resolve("t"))
        .run(console);
    assertThat(folder.resolve("t"))
        .hasContent("train-1 Q0 1 1 -1.0 condenser\ntrain-2 Q0 3 1 -1.0 condenser\n");
  }

  @Test
  void whatIsMissingIsNamed() throws IOException {
    Path run = run();
    assertThatThrownBy(
            () -> new ExportRunStage(run, ExportRunStage.Format.DPR, 1, null, null, folder))
        .isInstanceOf(InputException.class)
        .hasMessage("format is dpr, which holds texts: give queries and corpus");
    Path queries = Files.writeString(folder.resolve("q.tsv"), "train-1\twho\n");
    Path corpus = Files.writeString(folder.resolve("c.tsv"), "1\tone\n2\ttwo\n3\tthree\n");
    Path out = folder.resolve("out.json");
    assertThatThrownBy(() ->
            new ExportRunStage(run, ExportRunStage.Format.DPR, 9, queries, corpus, out)
                .run(console))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("q.tsv: lacks 1 queries of " + run + ", for example 'train-2'");
    Path small = Files.writeString(folder.resolve("s.tsv"), "1\tone\n");
    assertThatThrownBy(() ->
            new ExportRunStage(run, ExportRunStage.Format.DPR, 9, queries, small, out).run(console))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("s.tsv: has no passage '2'");
    assertThat(out).doesNotExist();
  }
}
