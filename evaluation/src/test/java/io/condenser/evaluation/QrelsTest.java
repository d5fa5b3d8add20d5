package io.condenser.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.storage.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QrelsTest {
  @TempDir Path folder;

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve("qrels"), content);
  }

  @Test
  void readsTrecColumnsAtBlanksAndTabs() throws IOException {
    Qrels qrels = Qrels.read(file("q2 0 d1 2\nq1\t0\td1\t1\n\nq2  Q0 d0  -1 \n"));
    assertThat(qrels.queries()).containsExactly("q2", "q1");
    assertThat(qrels.of("q2"))
        .containsExactly(java.util.Map.entry("d1", 2), java.util.Map.entry("d0", -1));
    assertThat(qrels.of("unknown")).isEmpty();
    assertThat(qrels.isRelevant("q2", "d1")).isTrue();
    assertThat(qrels.isRelevant("q2", "d0")).isFalse();
    assertThat(qrels.size()).isEqualTo(3);
  }

  @Test
  void readsBeirUnderItsHeaderWithBlanksInIds() throws IOException {
    Qrels qrels = Qrels.read(file("query-id\tcorpus-id\tscore\r\nq 1\td 1\t3\r\n"));
    assertThat(qrels.of("q 1")).containsEntry("d 1", 3);
  }

  @Test
  void severalFilesAreReadAsOneUnlessTheyDisagree() throws IOException {
    Path first = folder.resolve("first.txt");
    Path second = folder.resolve("second.tsv");
    Files.writeString(first, "q1 0 d1 1\nq2 0 d2 1\n");
    Files.writeString(second, "query-id\tcorpus-id\tscore\nq1\td1\t1\nq1\td3\t1\nq4\td2\t1\n");
    Qrels both = Qrels.read(List.of(first, second));
    assertThat(both.queries()).containsExactly("q1", "q2", "q4");
    assertThat(both.of("q1")).containsOnlyKeys("d1", "d3");
    Files.writeString(second, "q2 0 d2 0\n");
    assertThatThrownBy(() -> Qrels.read(List.of(first, second)))
        .isInstanceOf(InputException.class)
        .hasMessage(second + ": query 'q2' and passage 'd2' are judged 0; the files before say 1");
  }

  @Test
  void writesWhatItReads() throws IOException {
    Qrels qrels = Qrels.read(file("q2 0 d1 2\nq1 0 d1 1\nq2 0 d0 -1\n"));
    Path beir = folder.resolve("beir.tsv");
    qrels.writeBeir(beir);
    Path trec = folder.resolve("trec.txt");
    Qrels.read(beir).writeTrec(trec);
    assertThat(trec).hasContent("q2 0 d1 2\nq2 0 d0 -1\nq1 0 d1 1\n");
  }

  @Test
  void refusesToWriteAnIdThatWouldNotBeReadBack() {
    Qrels qrels = new Qrels.Builder().add("q 1", "d1", 1).build();
    Path target = folder.resolve("out");
    assertThatThrownBy(() -> qrels.writeTrec(target))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("query id 'q 1'");
    assertThat(target).doesNotExist();
  }

  @Test
  void namesTheLineOfAMissingColumn() throws IOException {
    Path file = file("q1 0 d1 1\nq1 d2 1\n");
    assertThatThrownBy(() -> Qrels.read(file))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file + ":2: 3 columns; expected the 4 of TREC qrels");
  }

  @Test
  void namesTheLineOfABeirLineWithBlanksForTabs() throws IOException {
    Path file = file("query-id\tcorpus-id\tscore\nq1 d1 1\n");
    assertThatThrownBy(() -> Qrels.read(file))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file + ":2: 1 columns at tabs; expected 3");
  }

  @Test
  void namesTheLineOfAGradeThatIsNoNumber() throws IOException {
    Path file = file("q1 0 d1 yes\n");
    assertThatThrownBy(() -> Qrels.read(file))
        .isInstanceOf(InputException.class)
        .hasMessage(file + ":1: grade 'yes' is not a whole number");
  }

  @Test
  void namesTheLineOfASecondJudgment() throws IOException {
    Path file = file("q1 0 d1 1\nq2 0 d1 1\nq1 0 d1 0\n");
    assertThatThrownBy(() -> Qrels.read(file))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file + ":3: query 'q1' and passage 'd1' are judged a second time");
  }

  @Test
  void refusesAFileWithoutJudgments() throws IOException {
    Path file = file("query-id\tcorpus-id\tscore\n");
    assertThatThrownBy(() -> Qrels.read(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("holds no judgments");
  }
}
