package io.condenser.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.storage.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnjudgedQueriesStageTest {
  @TempDir private Path folder;

  /** Of q0 to q19 q0 to q4 are judged in one file, q5 in the other, and that not relevant. */
  @BeforeEach
  void writeInputs() throws IOException {
    StringBuilder queries = new StringBuilder();
    StringBuilder train = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      queries.append("{\"_id\": \"q%d\", \"text\": \"text %d\"}\n".formatted(i, i));
      train.append(i < 5 ? "q%d 0 p 1\n".formatted(i) : "");
    }
    Files.writeString(folder.resolve("queries.jsonl"), queries);
    Files.writeString(folder.resolve("train.txt"), train);
    Files.writeString(folder.resolve("test.txt"), "q5 0 p 0\n");
  }

  private List<String> taken(@Nullable Integer count, long seed) throws IOException {
    Path out = folder.resolve("out.jsonl");
    List<Path> qrels = List.of(folder.resolve("train.txt"), folder.resolve("test.txt"));
    new UnjudgedQueriesStage(folder.resolve("queries.jsonl"), qrels, out, count, seed)
        .run(new RecordingConsole());
    return Files.readAllLines(out);
  }

  @Test
  void queriesThatAreJudgedInNoFileAreTakenInTheirOrder() throws IOException {
    assertThat(taken(null, 1))
        .hasSize(14)
        .startsWith("{\"_id\":\"q6\",\"text\":\"text 6\"}", "{\"_id\":\"q7\",\"text\":\"text 7\"}");
  }

  @Test
  void theSeedDecidesWhichAreTakenOfMany() throws IOException {
    List<String> all = taken(null, 1);
    Set<List<String>> samples = new HashSet<>();
    for (long seed = 0; seed < 4; seed++) {
      List<String> some = taken(5, seed);
      assertThat(some).hasSize(5).isSubsetOf(all).isEqualTo(taken(5, seed));
      samples.add(some);
    }
    assertThat(samples).hasSizeGreaterThan(1);
  }

  @Test
  void moreThanThereAreIsRefused() {
    assertThatThrownBy(() -> taken(15, 1))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("queries.jsonl: has 14 queries without judgments; count asks for 15");
    assertThatThrownBy(() -> taken(0, 1)).hasMessageContaining("count is 0");
  }
}
