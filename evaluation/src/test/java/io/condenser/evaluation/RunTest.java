package io.condenser.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.storage.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.constraints.UniqueElements;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class RunTest {
  @TempDir Path folder;

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve("run"), content);
  }

  private static List<String> ids(Run run, String query) {
    return run.ranking(query).stream().map(ScoredPassage::id).toList();
  }

  @Test
  void ranksByScoreThenByIdLastFirstWhateverTheRankSays() throws IOException {
    Run run =
        Run.read(
            file("q1 Q0 d1 1 0.5 x\nq2\tQ0\td9\t1\t-1\tx\nq1 Q0 d3 2 2e0 x\nq1 Q0 d2 3 .5 x\n"));
    assertThat(run.queries()).containsExactly("q1", "q2");
    assertThat(run.ranking("q1"))
        .containsExactly(
            new ScoredPassage("d3", 2f),
            new ScoredPassage("d2", 0.5f),
            new ScoredPassage("d1", 0.5f));
    assertThat(run.ranking("q3")).isEmpty();
    assertThat(run.depth()).isEqualTo(3);
  }

  @Test
  void scoresTieInSinglePrecision() {
    Run run = new Run.Builder().add("q", "a", 18.8990001).add("q", "b", 18.8990000).build();
    assertThat(ids(run, "q")).containsExactly("b", "a");
  }

  @Test
  void positiveAndNegativeZeroTie() {
    Run run = new Run.Builder().add("q", "a", 0.0).add("q", "b", -0.0).build();
    assertThat(ids(run, "q")).containsExactly("b", "a");
  }

  @Property
  void tiesAreInTheOrderOfUtf8Bytes(
      @ForAll @UniqueElements
          List<@CharRange(from = '\0', to = '\uffff') @StringLength(min = 1, max = 3) String> any) {
    List<String> ids =
        any.stream()
            .filter(id -> StandardCharsets.UTF_8.newEncoder().canEncode(id)) // no lone surrogate
            .toList();
    Run.Builder builder = new Run.Builder();
    ids.forEach(id -> builder.add("q", id, 1));
    List<String> expected =
        ids.stream()
            .sorted((a, b) ->
                Arrays.compareUnsigned(
                    b.getBytes(StandardCharsets.UTF_8), a.getBytes(StandardCharsets.UTF_8)))
            .toList();
    assertThat(ids(builder.build(), "q")).isEqualTo(expected);
  }

  @Test
  void tiesOfIdsBeyondTheBasicPlaneAreInTheOrderOfUtf8Bytes() {
    String emoji = "d\uD83D\uDE00"; // U+1F600, whose chars sort below U+FF5E
    String wide = "d\uFF5E";
    Run run = new Run.Builder().add("q", wide, 1).add("q", emoji, 1).build();
    assertThat(ids(run, "q")).containsExactly(emoji, wide);
  }

  @Property
  void readsTheTrecRunItWrote(@ForAll List<Float> scores) throws IOException {
    Run.Builder builder = new Run.Builder().add("q0", "d", 1);
    for (int i = 0; i < scores.size(); i++) {
      if (Float.isFinite(scores.get(i))) {
        builder.add("q" + i % 3, "d" + i, scores.get(i));
      }
    }
    Run run = builder.build();
    Path file = Files.createTempFile("run", ".txt");
    try {
      run.writeTrec(file, "tag");
      assertThat(Run.read(file)).isEqualTo(run);
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void readsAndWritesMsMarcoRuns() throws IOException {
    Run run = Run.read(file("q1\td5\t2\nq1\td7\t1\nq2\td7\t1\n"));
    assertThat(ids(run, "q1")).containsExactly("d7", "d5");
    Path out = folder.resolve("out");
    run.writeMsMarco(out);
    assertThat(out).hasContent("q1\td7\t1\nq1\td5\t2\nq2\td7\t1\n");
  }

  @Test
  void namesTheLineOfAWrongNumberOfColumns() throws IOException {
    Path file = file("q1 Q0 d1 1 2.5\n");
    assertThatThrownBy(() -> Run.read(file))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file + ":1: 5 columns; expected the 6 of a TREC run");
  }

  @Test
  void saysThatQrelsAreNoRun() throws IOException {
    Path trec = file("q1 0 d1 1\n");
    assertThatThrownBy(() -> Run.read(trec)).hasMessageEndingWith("; are these qrels?");
    Path beir = file("query-id\tcorpus-id\tscore\nq1\td1\t1\n");
    assertThatThrownBy(() -> Run.read(beir))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(beir + ":1: these are qrels in BEIR's format");
  }

  @Test
  void namesTheLineWhereTheColumnsChange() throws IOException {
    Path file = file("q1 d1 1\nq1 Q0 d1 1 2.5 x\n");
    assertThatThrownBy(() -> Run.read(file))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file + ":2: 6 columns, but 3 in the lines before");
  }

  @Test
  void namesTheLineOfAScoreThatIsNotFinite() throws IOException {
    Path file = file("q1 Q0 d1 1 2.5 x\nq1 Q0 d2 1 NaN x\n");
    assertThatThrownBy(() -> Run.read(file))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file + ":2: score 'NaN' is not finite");
  }

  @Test
  void namesBothLinesOfAPassageRankedTwice() throws IOException {
    Path file = file("q1 Q0 d1 1 2 x\nq2 Q0 d1 1 2 x\nq1 Q0 d1 2 1 x\n");
    assertThatThrownBy(() -> Run.read(file))
        .isInstanceOf(InputException.class)
        .hasMessage(
            file
                + ":3: query 'q1' ranks passage 'd1' a second time (first in line 1);"
                + " keep one line");
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "no named pipes")
  void aPipeWithAPassageRankedTwiceIsRefusedThoughItIsReadOnce() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Process writer =
        new ProcessBuilder("tee", pipe.toString())
            .redirectInput(file("q1 Q0 d1 1 2 x\nq1 Q0 d1 2 1 x\n").toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThatThrownBy(() -> Run.read(pipe))
        .isInstanceOf(InputException.class)
        .hasMessage(pipe + ": query 'q1' ranks passage 'd1' more than once; keep one line");
    assertThat(writer.waitFor()).isZero();
  }

  @Test
  void refusesAFileWithoutRankings() throws IOException {
    Path file = file("\n");
    assertThatThrownBy(() -> Run.read(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("holds no rankings");
  }

  @Test
  void refusesToBuildARankingWithAPassageTwice() {
    Run.Builder builder = new Run.Builder().add("q", "d", 1).add("q", "d", 2);
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("query q: passage d was added twice");
  }

  @Test
  void refusesToWriteAnIdThatWouldNotBeReadBack() {
    Run run = new Run.Builder().add("q", "a b", 1).build();
    Path target = folder.resolve("out");
    assertThatThrownBy(() -> run.writeTrec(target, "x"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("passage id 'a b'");
    assertThat(target).doesNotExist();
  }
}
