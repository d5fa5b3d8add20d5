package io.condenser.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.storage.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DprResultTest {
  @TempDir private Path folder;

  private List<DprResult> read(String content) throws IOException {
    Path file = Files.writeString(folder.resolve("results.json"), content);
    List<DprResult> results = new ArrayList<>();
    try (RecordReader<DprResult> reader = DprResult.open(file, "test-")) {
      for (DprResult r = reader.next(); r != null; r = reader.next()) {
        results.add(r);
      }
    }
    return results;
  }

  private static DprResult.Hit hit(String id, double score, boolean hasAnswer) {
    Passage passage = new Passage(id, "T" + id, "text of " + id, null, List.of());
    return new DprResult.Hit(passage, score, hasAnswer);
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    DprResult first =
        new DprResult(
            new Query("test-1", "who", List.of("Ada")),
            List.of(hit("3", 81.25, true), hit("1", -2.5, false)));
    DprResult second = new DprResult(new Query("test-2", "when"), List.of());
    Path file = folder.resolve("written.json");
    try (JsonWriter out = JsonWriter.array(file)) {
      out.write(first.json());
      out.write(second.json());
    }
    assertThat(read(Files.readString(file))).containsExactly(first, second);
    assertThat(first.json().toString()).contains("\"score\":\"81.25\"", "\"has_answer\":true");
  }

  @Test
  void readsScoresAsTextsOrNumbersAndDropsDprsPrefix() throws IOException {
    assertThat(
            read(
                """
                [{"question": "who", "answers": ["Ada"], "ctxs": [
                  {"id": "wiki:3", "title": "T3", "text": "text of 3", "score": "81.25"},
                  {"id": "1", "title": "T1", "text": "text of 1", "score": 7, "has_answer": true}]}]
                """))
        .containsExactly(
            new DprResult(
                new Query("test-1", "who", List.of("Ada")),
                List.of(hit("3", 81.25, false), hit("1", 7, true))));
  }

  @Test
  void otherRowsAreRefusedByPlace() {
    assertThatThrownBy(() -> read("[{\"question\": \"who\"}]"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("results.json:1: element 1: no \"ctxs\"");
    assertThatThrownBy(() ->
            read(
                "[{\"question\": \"who\", \"ctxs\": [{\"id\": 1, \"text\": \"x\", \"score\": \"high\"}]}]"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("\"score\" is \"high\"; expected a finite number");
  }
}
