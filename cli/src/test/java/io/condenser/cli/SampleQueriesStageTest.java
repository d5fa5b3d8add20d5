package io.condenser.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.evaluation.Qrels;
import io.condenser.storage.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleQueriesStageTest {
  @TempDir private Path folder;
  private Path qrels = Path.of("");

  /** 200 queries with two relevant passages each, and one whose only judgment is 0. */
  @BeforeEach
  void writeQrels() throws IOException {
    qrels = folder.resolve("train.txt");
    StringBuilder lines = new StringBuilder("none 0 p 0\n");
    for (int i = 0; i < 200; i++) {
      lines.append("q%d 0 p%d 1\nq%d 0 x%d 2\n".formatted(i, i, i, i));
    }
    Files.writeString(qrels, lines);
  }

  private Qrels sample(@Nullable Double share, @Nullable Integer count, long seed) {
    Path out = folder.resolve("some.tsv");
    new SampleQueriesStage(qrels, out, share, count, seed).run(new RecordingConsole());
    return Qrels.read(out);
  }

  @Test
  void aShareKeepsAllJudgmentsOfItsQueriesInTheirOrder() {
    Qrels some = sample(0.1, null, 1);
    assertThat(some.queries()).hasSize(20).doesNotContain("none");
    assertThat(some.size()).isEqualTo(40);
    List<Integer> numbers =
        some.queries().stream().map(q -> Integer.parseInt(q.substring(1))).toList();
    assertThat(numbers).isSorted();
    String first = some.queries().getFirst();
    assertThat(some.of(first)).containsEntry("x" + first.substring(1), 2);
  }

  @Test
  void ofOneSeedTheSmallerSampleIsInTheLarger() {
    List<String> hundredth = sample(0.01, null, 7).queries();
    List<String> tenth = sample(0.1, null, 7).queries();
    List<String> fifty = sample(null, 50, 7).queries();
    assertThat(hundredth).hasSize(2);
    assertThat(tenth).containsAll(hundredth);
    assertThat(fifty).hasSize(50).containsAll(tenth);
    assertThat(sample(1.0, null, 7).queries()).hasSize(200);
  }

  @Test
  void theSeedDecides() {
    List<List<String>> samples =
        IntStream.range(0, 3).mapToObj(seed -> sample(0.1, null, seed).queries()).toList();
    assertThat(samples).doesNotHaveDuplicates();
    assertThat(sample(0.1, null, 2).queries()).isEqualTo(samples.get(2));
  }

  @Test
  void atLeastOneQueryIsTaken() {
    assertThat(sample(0.0001, null, 1).queries()).hasSize(1);
  }

  @Test
  void whatCannotBeSampledIsRefused() {
    assertThatThrownBy(() -> sample(1.5, null, 1)).hasMessageContaining("share is 1.5");
    assertThatThrownBy(() -> sample(null, null, 1)).hasMessageContaining("either a share or");
    assertThatThrownBy(() -> sample(0.5, 3, 1)).hasMessageContaining("either a share or");
    assertThatThrownBy(() -> sample(null, 201, 1))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("train.txt: has 200 queries with a relevant passage");
  }
}
