package io.condenser.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.storage.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JudgedPassagesTest {
  @TempDir private Path folder;

  private Path corpus() throws IOException {
    return Files.writeString(
        folder.resolve("corpus.jsonl"),
        """
        {"_id": "a", "title": "One", "text": "the same words"}
        {"_id": "b", "title": "Two", "text": " the same words\\n"}
        {"_id": "c", "text": "other words"}
        {"_id": "d", "text": "other words"}
        """);
  }

  private Path qrels(String lines) throws IOException {
    return Files.writeString(folder.resolve("dev.tsv"), "query-id\tcorpus-id\tscore\n" + lines);
  }

  @Test
  void theFirstLineNamingAnUnknownPassageIsTold() throws IOException {
    Path qrels = qrels("q1\ta\t1\nq1\tx\t0\nq2\ty\t1\n");
    Path corpus = corpus();
    assertThatThrownBy(() -> JudgedPassages.requireKnown(qrels, corpus))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("dev.tsv:3: passage 'x'")
        .hasMessageContaining("corpus.jsonl")
        .hasMessageContaining("2 judged ids");
  }

  @Test
  void passagesOfTitlesAloneAreCopiesWhereTheTitlesAre() throws IOException {
    Path corpus =
        Files.writeString(
            folder.resolve("t.tsv"), "a\tred shoes\t\nb\tblue shoes\t\nc\tred shoes\t\n");
    JudgedPassages judged = JudgedPassages.read(qrels("q1\ta\t1\n"), corpus);
    assertThat(judged.sameText("a", "b")).isFalse();
    assertThat(judged.sameText("a", "c")).isTrue();
  }

  @Test
  void copiesOfRelevantPassagesAreKnownWhateverTheirTitleAndBlanks() throws IOException {
    JudgedPassages judged = JudgedPassages.read(qrels("q1\ta\t1\nq1\tc\t0\n"), corpus());
    assertThat(judged.sameText("a", "b")).isTrue();
    assertThat(judged.sameText("a", "c")).isFalse();
    assertThat(judged.sameText("c", "d")).as("c is not relevant").isFalse();
    assertThat(judged.sameText("x", "y")).as("unknown ids").isFalse();
  }
}
