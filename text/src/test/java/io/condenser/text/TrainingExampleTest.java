package io.condenser.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.storage.InputException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingExampleTest {
  @TempDir private Path folder;

  private static Passage passage(String id, String title, String text) {
    return new Passage(id, title, text, null, List.of());
  }

  private static List<TrainingExample> all(Path file) {
    List<TrainingExample> examples = new ArrayList<>();
    try (RecordReader<TrainingExample> reader = TrainingExample.open(file, "train-")) {
      for (TrainingExample e = reader.next(); e != null; e = reader.next()) {
        examples.add(e);
      }
    }
    return examples;
  }

  private List<TrainingExample> read(String content) throws IOException {
    return all(Files.writeString(folder.resolve("examples"), content));
  }

  @Test
  void readsDprWithEitherNameOfTheIdAndWithoutRandomNegatives() throws IOException {
    List<TrainingExample> read =
        read(
            """
            [{"dataset": "nq", "question": "who", "answers": ["Ada"],
              "positive_ctxs": [{"title": "T", "text": "one", "score": 1000, "passage_id": "11"}],
              "negative_ctxs": [{"title": "R", "text": "random", "passage_id": "99"}],
              "hard_negative_ctxs": [{"title": "", "text": "two", "psg_id": 12},
                                     {"title": null, "text": "three", "id": "wiki:13"},
                                     {"title": "N", "text": "no id"}]},
             {"question": "when", "answers": [], "positive_ctxs": []}]
            """);
    assertThat(read)
        .containsExactly(
            new TrainingExample(
                new Query("train-1", "who", List.of("Ada")),
                List.of(passage("11", "T", "one")),
                List.of(
                    passage("12", "", "two"),
                    passage("13", "", "three"),
                    passage(TextId.of("N\nno id"), "N", "no id"))),
            new TrainingExample(new Query("train-2", "when"), List.of(), List.of()));
  }

  @Test
  void readsTevatronAsJsonLinesAndAsParquet() throws IOException, URISyntaxException {
    TrainingExample expected =
        new TrainingExample(
            new Query("7", "when did the harbour open"),
            List.of(passage("p1", "Harbour", "The harbour of Lumen opened in 1911.")),
            List.of(passage("p3", "", "Rye bread keeps for a week."), passage("p2", "", "Zwei")));
    assertThat(all(ParquetFiles.of("examples.parquet"))).containsExactly(expected);
    assertThat(read(expected.tevatron().toString())).containsExactly(expected);
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    TrainingExample example =
        new TrainingExample(
            new Query("train-1", "say \"who\"", List.of("A\tB")),
            List.of(passage("1", "T", "one\ntwo")),
            List.of(passage("2", "", "\u6771\u4eac")));
    assertThat(read(example.tevatron().toString())).containsExactly(example);
    assertThat(read("[" + example.dpr() + "]")).containsExactly(example);
  }

  @Test
  void otherRowsAreRefusedByPlace() {
    assertThatThrownBy(() -> read("{\"query_id\": \"1\", \"query\": \"who\"}"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("examples:1: neither \"positive_passages\" (Tevatron)");
    assertThatThrownBy(
            () -> read("[{\"question\": \"who\", \"positive_ctxs\": [{\"passage_id\": \"4\"}]}]"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(
            "examples:1: element 1: passage '4' has no \"text\"; it has passage_id");
    assertThatThrownBy(
            () -> read("{\"query_id\": \"1\", \"query\": \"w\", \"positive_passages\": \"x\"}"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("\"positive_passages\" is not a list of passages");
  }
}
