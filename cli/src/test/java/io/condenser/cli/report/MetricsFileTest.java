package io.condenser.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.cli.report.MetricsFile.Point;
import io.condenser.storage.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsFileTest {
  @TempDir Path folder;

  @Test
  void everyNumberIsACurveOverTheSteps() throws IOException {
    Path file =
        write(
            "{\"step\": 1, \"loss\": 2.5, \"note\": \"text\"}",
            "{\"step\": 2, \"loss\": 1.5, \"dev\": 0.25}",
            "");
    assertThat(MetricsFile.read(file))
        .containsOnlyKeys("loss", "dev")
        .containsEntry("loss", List.of(new Point(1, 2.5), new Point(2, 1.5)))
        .containsEntry("dev", List.of(new Point(2, 0.25)));
  }

  @Test
  void longCurvesAreMeansOfNeighbours() {
    List<Point> line = IntStream.range(0, 1000).mapToObj(i -> new Point(i, 2 * i)).toList();
    List<Point> thinned = MetricsFile.thinned(line);
    assertThat(thinned).hasSize(200).allMatch(p -> p.value() == 2 * p.step());
    assertThat(thinned.getFirst()).isEqualTo(new Point(2, 4)); // of 0 to 4
  }

  @Test
  void aLineThatIsNoMetricIsNamed() throws IOException {
    Path torn = write("{\"step\": 1, \"loss\": 2.5}", "{\"step\": 2, \"lo");
    assertThatThrownBy(() -> MetricsFile.read(torn))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(torn + ":2: not JSON");
    Path without = write("{\"loss\": 2.5}");
    assertThatThrownBy(() -> MetricsFile.read(without))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(without + ":1: no number \"step\"");
  }

  private Path write(String... lines) throws IOException {
    return Files.write(folder.resolve("metrics.jsonl"), List.of(lines));
  }
}
