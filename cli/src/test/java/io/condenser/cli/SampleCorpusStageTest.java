package io.condenser.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.storage.InputException;
import io.condenser.text.Passage;
import io.condenser.text.Passages;
import io.condenser.text.RecordReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleCorpusStageTest {
  @TempDir private Path folder;

  /** 100 passages, of which p7 and p70 are judged, one of them irrelevant. */
  @BeforeEach
  void writeFiles() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      lines.append("{\"_id\":\"p%d\",\"title\":\"t\",\"text\":\"x %d\"}\n".formatted(i, i));
    }
    Files.writeString(folder.resolve("corpus.jsonl"), lines);
    Files.writeString(folder.resolve("train.txt"), "q 0 p70 1\n");
    Files.writeString(folder.resolve("dev.txt"), "r 0 p7 0\nr 0 elsewhere 1\n");
  }

  private List<Passage> sample(int count, long seed) {
    Path out = folder.resolve("small.jsonl");
    List<Path> qrels = List.of(folder.resolve("train.txt"), folder.resolve("dev.txt"));
    new SampleCorpusStage(folder.resolve("corpus.jsonl"), qrels, out, count, seed)
        .run(new RecordingConsole());
    List<Passage> some = new ArrayList<>();
    try (RecordReader<Passage> reader = Passages.open(out)) {
      for (Passage p = reader.next(); p != null; p = reader.next()) {
        some.add(p);
      }
    }
    return some;
  }

  @Test
  void judgedPassagesStayWholeAndInTheirOrder() {
    assertThat(sample(2, 1)).extracting(Passage::id).containsExactly("p7", "p70");
    List<Passage> some = sample(20, 1);
    assertThat(some).hasSize(20).extracting(Passage::id).contains("p7", "p70");
    assertThat(some).extracting(p -> Integer.parseInt(p.id().substring(1))).isSorted();
    assertThat(some.getFirst().title()).isEqualTo("t");
    assertThat(sample(100, 1)).hasSize(100);
  }

  @Test
  void theSeedDecidesAndTheSmallerSampleIsInTheLarger() {
    assertThat(sample(20, 1)).isNotEqualTo(sample(20, 2)).isEqualTo(sample(20, 1));
    assertThat(sample(40, 1)).containsAll(sample(20, 1));
  }

  @Test
  void whatCannotBeSampledIsRefused() {
    assertThatThrownBy(() -> sample(1, 1))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("corpus.jsonl: has 2 judged passages");
    assertThatThrownBy(() -> sample(101, 1)).hasMessageContaining("has 100 passages");
    assertThatThrownBy(() -> sample(0, 1)).hasMessageContaining("count is 0");
  }
}
