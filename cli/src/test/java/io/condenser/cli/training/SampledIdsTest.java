package io.condenser.cli.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampledIdsTest {
  @TempDir private Path folder;

  @Test
  void passagesAreDrawnOfTheWholeCorpusByTheSeed() throws IOException {
    Path corpus =
        Files.writeString(
            folder.resolve("corpus.jsonl"),
            IntStream.range(0, 100)
                .mapToObj("{\"_id\":\"p%1$d\",\"text\":\"text %1$d\"}\n"::formatted)
                .collect(Collectors.joining()));
    assertThat(SampledIds.of(corpus, 10, 1))
        .hasSize(10)
        .doesNotHaveDuplicates()
        .containsExactlyElementsOf(SampledIds.of(corpus, 10, 1))
        .isNotEqualTo(SampledIds.of(corpus, 10, 2))
        .isSubsetOf(SampledIds.of(corpus, 1000, 1));
    assertThat(SampledIds.of(corpus, 1000, 1)).hasSize(100);
  }
}
