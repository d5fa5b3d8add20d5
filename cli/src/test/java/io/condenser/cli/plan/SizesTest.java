package io.condenser.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How large files are found to be. */
class SizesTest {
  @TempDir private Path folder;

  private Sizes sizes(Map<Path, Size> declared) {
    return new Sizes(declared, 1L << 30);
  }

  private String corpus(int passages) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < passages; i++) {
      // 44 letters and blanks with the title: 10 tokens
      lines.append(
          "{\"_id\":\"%d\",\"title\":\"abc\",\"text\":\"%s\",\"doc\":\"%d\"}\n"
              .formatted(i, "word ".repeat(8), i / 5));
    }
    return lines.toString();
  }

  @Test
  void aSmallCorpusIsReadWhole() throws IOException {
    Path file = Files.writeString(folder.resolve("c.jsonl"), corpus(50));

    Size size = sizes(Map.of()).passages(file);

    assertThat(size.records()).isEqualTo(50);
    assertThat(size.documents()).isEqualTo(10);
    assertThat(size.tokens()).isCloseTo(44 / 4.4 + 2, within(1e-9));
  }

  @Test
  void aLargeOneIsScaledFromItsBeginningGzippedOrNot() throws IOException {
    int passages = 150_000; // 13 MB, more than is looked at
    String text = corpus(passages);
    Path plain = Files.writeString(folder.resolve("c.jsonl"), text);
    Path packed = folder.resolve("c.jsonl.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    assertThat(sizes(Map.of()).passages(plain).records()).isCloseTo(passages, within(3000.0));
    assertThat(sizes(Map.of()).passages(packed).records()).isCloseTo(passages, within(9000.0));
    assertThat(sizes(Map.of()).passages(plain).documents()).isCloseTo(30_000, within(600.0));
  }

  @Test
  void ideographsAreTokensOfTheirOwn() {
    assertThat(TextSample.tokens("检索")).isEqualTo(2);
    assertThat(TextSample.tokens("a".repeat(44))).isCloseTo(10, within(1e-9));
  }

  @Test
  void whatIsThereComesBeforeWhatIsDeclaredAndThatBeforeWhatIsMade() throws IOException {
    Path file = folder.resolve("c.jsonl");
    Sizes sizes = sizes(Map.of(file, Size.texts(7, 3, 7)));
    sizes.make(Map.of(file, Size.texts(9, 3, 9), folder.resolve("m"), Size.encoder(6, 384)));

    assertThat(sizes.passages(file).records()).isEqualTo(7);
    assertThat(sizes.encoder(folder.resolve("m")).hidden()).isEqualTo(384);
    Files.writeString(file, corpus(50));
    assertThat(sizes.passages(file).records()).isEqualTo(50);
  }

  @Test
  void judgedQueriesAreCounted() throws IOException {
    Path qrels = Files.writeString(folder.resolve("q.txt"), "q1 0 p1 1\nq1 0 p2 1\nq2 0 p1 1\n");
    assertThat(sizes(Map.of()).judged(qrels)).isEqualTo(2);
  }

  @Test
  void whatIsNotKnownSaysWhatCanBeDeclared() {
    assertThatThrownBy(() -> sizes(Map.of()).encoder(folder.resolve("bert")))
        .isInstanceOf(Sizes.Unknown.class)
        .hasMessage("bert is not there yet; 'sizes:' of the recipe can say its layers and hidden");
  }
}
