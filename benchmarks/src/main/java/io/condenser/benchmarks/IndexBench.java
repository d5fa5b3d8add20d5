package io.condenser.benchmarks;

import io.condenser.retrieval.Analysis;
import io.condenser.retrieval.Bm25Index;
import io.condenser.retrieval.Bm25Settings;
import io.condenser.storage.Replacement;
import io.condenser.text.Passage;
import io.condenser.text.RecordReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * BM25 indexing of passages of real lengths.
 *
 * @param passages in the corpus
 * @param times repetitions that are timed, after one that is not
 */
public record IndexBench(int passages, int times) {
  private static final int LONGEST = 512;

  /** Runs it. */
  public Measured run() throws IOException {
    Memory.forget();
    int[] lengths = Lengths.PASSAGES.of(passages, LONGEST);
    List<Passage> texts =
        IntStream.range(0, passages).mapToObj(i -> SyntheticText.passage(lengths[i], i)).toList();
    Path folder = Files.createTempDirectory("condenser-bench");
    try {
      Bm25Settings settings = Bm25Settings.of(Analysis.ENGLISH);
      List<Double> seconds =
          Timing.of(
              1,
              times,
              _ ->
                  Bm25Index.build(
                      folder.resolve("index"), RecordReader.of(texts), settings, _ -> {}));
      return new Measured(
          "index BM25, %,d passages".formatted(passages),
          passages,
          Arrays.stream(lengths).asLongStream().sum(),
          seconds,
          0,
          0,
          Memory.peak());
    } finally {
      Replacement.deleteTree(folder);
    }
  }
}
