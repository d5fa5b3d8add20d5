package io.condenser.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.condenser.cli.plan.Work.Kind;
import io.condenser.cli.plan.Work.Part;
import io.condenser.cli.plan.Work.Rate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** From work and speeds to seconds and sums. */
class EstimateTest {
  private static final Rate READ = new Rate(Kind.READ, 0, null);
  private static final Rate INDEX = new Rate(Kind.INDEX, 0, null);
  private static final Rate NETWORK = new Rate(Kind.NETWORK, 0, null);

  private static Estimate.Step step(double disk, double passing, double memory) {
    return new Estimate.Step(1, 0, disk, passing, memory, null);
  }

  @Test
  void secondsAreAmountsOverSpeeds() {
    Speeds speeds = new Speeds(Map.of(READ, 10.0, INDEX, 4.0));
    Work work = new Work(List.of(new Part(READ, 30), new Part(INDEX, 8)), 0, 0, 0, Map.of());

    assertThat(Estimate.Step.of(work, speeds).seconds()).isEqualTo(5);
  }

  @Test
  void theNetworkIsCountedInBytesAlone() {
    Estimate.Step step = Estimate.Step.of(Costs.downloading(7e9), new Speeds(Map.of(READ, 10.0)));

    assertThat(step.seconds()).isZero();
    assertThat(step.network()).isEqualTo(7e9);
    assertThat(step.disk()).isEqualTo(7e9);
  }

  @Test
  void whatPassesCountsOnlyWhileItsStageRuns() {
    Estimate estimate = new Estimate(List.of(step(10, 5, 3), step(20, 0, 9), step(1, 30, 2)));

    assertThat(estimate.peakDisk()).isEqualTo(10 + 20 + 1 + 30);
    assertThat(estimate.peakMemory()).isEqualTo(9);
    assertThat(estimate.seconds()).isEqualTo(3);
    assertThat(new Estimate(List.of(step(10, 50, 3), step(20, 0, 9))).peakDisk()).isEqualTo(60);
  }

  @Test
  void theProbeMeasuresWhatIsAskedForAndSaysIt() throws Exception {
    Speeds speeds = Probe.measure(List.of(INDEX, READ, NETWORK));

    assertThat(speeds.perSecond()).containsOnlyKeys(INDEX, READ);
    assertThat(speeds.perSecond().get(INDEX)).isPositive();
    assertThat(speeds.lines()).hasSize(1);
    assertThat(speeds.lines().getFirst()).matches("BM25 indexing: [\\d,]+ tokens/s");
  }
}
