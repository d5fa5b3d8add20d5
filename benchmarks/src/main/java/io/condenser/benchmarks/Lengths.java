package io.condenser.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * How long real texts are, in WordPiece tokens with [CLS] and [SEP]: 128 quantiles each, measured
 * on Wikipedia paragraphs (SQuAD), scientific abstracts (arXiv) and health answers (MedQuAD).
 */
final class Lengths {
  /** Sentences packed to at most 128 tokens; 94 in the mean. */
  static final Lengths SPANS = new Lengths("spans: ");

  /** Passages as they come; 221 in the mean. */
  static final Lengths PASSAGES = new Lengths("passages: ");

  /** Questions; 15 in the mean. */
  static final Lengths QUERIES = new Lengths("queries: ");

  private final int[] quantiles;

  private Lengths(String prefix) {
    try (InputStream in = Lengths.class.getResourceAsStream("lengths.txt")) {
      quantiles =
          new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> line.startsWith(prefix))
              .flatMap(line -> Arrays.stream(line.substring(prefix.length()).split(" ")))
              .mapToInt(Integer::parseInt)
              .toArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Lengths that are spread as the real ones are.
   *
   * @param count how many, ascending
   * @param longest longer ones are cut to this
   */
  int[] of(int count, int longest) {
    return IntStream.range(0, count)
        .map(i -> Math.min(longest, quantiles[(int) ((i + 0.5) / count * quantiles.length)]))
        .toArray();
  }
}
