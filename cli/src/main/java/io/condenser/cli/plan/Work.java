package io.condenser.cli.plan;

import io.condenser.model.Precision;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a stage has to do, in amounts that do not depend on the machine. {@link Costs} makes them.
 *
 * @param parts what takes time
 * @param disk bytes that stay
 * @param passing bytes that are on disk only while the stage runs
 * @param memory bytes at its peak
 * @param makes how large its outputs are, as far as later stages ask for them
 */
public record Work(
    List<Part> parts, double disk, double passing, double memory, Map<Path, Size> makes) {
  public Work {
    parts = List.copyOf(parts);
    makes = Map.copyOf(makes);
  }

  /** Work of one kind. */
  public record Part(Rate rate, double amount) {}

  /**
   * What must be known of a machine's speed.
   *
   * @param hidden H of the encoder, or the vectors' dimension; 0 where there is none
   * @param precision null where it does not matter
   */
  public record Rate(Kind kind, int hidden, @Nullable Precision precision) {}

  /** Kinds of work, with the unit of their amounts. */
  public enum Kind {
    PRETRAIN("pre-training", "operations"),
    FINETUNE("fine-tuning", "operations"),
    ENCODE("encoding", "operations"),
    SEARCH("exact search", "operations"),
    INDEX("BM25 indexing", "tokens"),
    BM25("BM25 search", "steps"),
    READ("reading", "bytes"),
    /** Known in bytes, but not in seconds. */
    NETWORK("download", "bytes");

    private final String name;
    private final String unit;

    Kind(String name, String unit) {
      this.name = name;
      this.unit = unit;
    }

    /** For people. */
    public String named() {
      return name;
    }

    /** Of amounts. */
    public String unit() {
      return unit;
    }
  }

  /** The same, from which this is made. */
  public Work making(Path output, Size size) {
    return new Work(parts, disk, passing, memory, Map.of(output, size));
  }
}
