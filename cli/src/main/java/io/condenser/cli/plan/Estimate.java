package io.condenser.cli.plan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a recipe's stages will take on this machine.
 *
 * @param steps those that would run, in their order
 */
public record Estimate(List<Step> steps) {
  public Estimate {
    steps = List.copyOf(steps);
  }

  /**
   * One stage.
   *
   * @param seconds without downloads
   * @param network bytes that are to be downloaded
   * @param disk bytes that stay
   * @param passing bytes that are on disk only while it runs
   * @param memory bytes at its peak
   * @param unknown why nothing is known of it, or null
   */
  public record Step(
      double seconds,
      double network,
      double disk,
      double passing,
      double memory,
      @Nullable String unknown) {

    /** Nothing is known. */
    public static Step unknown(String why) {
      return new Step(0, 0, 0, 0, 0, why);
    }

    /** With work and speeds. */
    public static Step of(Work work, Speeds speeds) {
      double network =
          work.parts().stream()
              .filter(part -> part.rate().kind() == Work.Kind.NETWORK)
              .mapToDouble(Work.Part::amount)
              .sum();
      return new Step(
          speeds.seconds(work), network, work.disk(), work.passing(), work.memory(), null);
    }
  }

  /** Seconds of all stages, one after the other. */
  public double seconds() {
    return steps.stream().mapToDouble(Step::seconds).sum();
  }

  public double network() {
    return steps.stream().mapToDouble(Step::network).sum();
  }

  /** The most bytes that are on disk at a time: what stayed so far, and what passes. */
  public double peakDisk() {
    double stayed = 0;
    double peak = 0;
    for (Step step : steps) {
      stayed += step.disk();
      peak = Math.max(peak, stayed + step.passing());
    }
    return peak;
  }

  /** That of the stage that takes most. */
  public double peakMemory() {
    return steps.stream().mapToDouble(Step::memory).max().orElse(0);
  }

  /** Stages of which nothing is known. */
  public long unknown() {
    return steps.stream().filter(step -> step.unknown() != null).count();
  }

  /** Bytes free where a folder lies, or will. */
  public static double freeDisk(Path folder) throws IOException {
    Path there = folder.toAbsolutePath();
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    return (double) Files.getFileStore(there).getUsableSpace();
  }
}
