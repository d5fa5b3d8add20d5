package io.condenser.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents 0 to 19: document d brings d + 1 spans, each of them "d s d s …" with its number s. */
class SpanSamplerTest {
  private static final int DOCUMENTS = 20;

  private WordPiece tokenizer = Vocabularies.with();
  private TokenStore store;

  @BeforeEach
  void build(@TempDir Path folder) throws IOException {
    List<String> pieces = new ArrayList<>(tokenizer.vocabulary());
    List<String> lines = new ArrayList<>();
    for (int d = 0; d < DOCUMENTS; d++) {
      pieces.add("d" + d);
      pieces.add("s" + d);
      List<String> spans = new ArrayList<>();
      for (int s = 0; s <= d; s++) {
        spans.add('"' + "d%d s%d ".formatted(d, s).repeat(10) + '"');
      }
      lines.add("{\"spans\":[" + String.join(",", spans) + "]}");
    }
    tokenizer = WordPiece.of(pieces, true);
    Path corpus = Files.write(folder.resolve("corpus.jsonl"), lines);
    Path file = folder.resolve("tokens");
    TokenStore.build(file, corpus, tokenizer, new Packing(32, 0.1, 1), done -> {});
    store = TokenStore.open(file, tokenizer);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private SpanSampler sampler(int maxLength, long seed) {
    return new SpanSampler(store, tokenizer, maxLength, seed);
  }

  @Test
  void anEpochShowsEveryDocumentOfTwoSpansOnceAsTwoOfItsSpans() {
    SpanSampler sampler = sampler(32, 1);
    assertThat(sampler.pairs()).isEqualTo(DOCUMENTS - 1);
    for (long epoch = 0; epoch < 5; epoch++) {
      Set<String> documents = new HashSet<>();
      for (long position = 0; position < sampler.pairs(); position++) {
        int[][] pair = sampler.pair(epoch, position);
        assertThat(pair).hasNumberOfRows(2);
        assertThat(pair[0]).hasSize(22).startsWith(tokenizer.clsId()).endsWith(tokenizer.sepId());
        assertThat(pair[0][1]).as("same document").isEqualTo(pair[1][1]);
        assertThat(pair[0][2]).as("another span").isNotEqualTo(pair[1][2]);
        documents.add(tokenizer.piece(pair[0][1]));
      }
      assertThat(documents).hasSize(DOCUMENTS - 1);
    }
  }

  @Test
  void anEpochShowsEverySpanOnce() {
    SpanSampler sampler = sampler(32, 1);
    Set<String> spans = new HashSet<>();
    for (long position = 0; position < sampler.sequences(); position++) {
      spans.add(Arrays.toString(sampler.sequence(0, position)));
    }
    assertThat(spans).hasSize(DOCUMENTS * (DOCUMENTS + 1) / 2).hasSize((int) sampler.sequences());
  }

  @Test
  void drawsDependOnSeedEpochAndPositionAlone() {
    SpanSampler one = sampler(32, 1);
    int[][] late = one.pair(3, 7);
    assertThat(sampler(32, 1).pair(3, 7)).isDeepEqualTo(late);
    List<String> orders = new ArrayList<>();
    for (long[] seedAndEpoch : new long[][] {{1, 0}, {1, 1}, {2, 0}}) {
      StringBuilder order = new StringBuilder();
      for (long position = 0; position < one.pairs(); position++) {
        order.append(sampler(32, seedAndEpoch[0]).pair(seedAndEpoch[1], position)[0][1]);
      }
      orders.add(order.toString());
    }
    assertThat(orders).doesNotHaveDuplicates();
  }

  @Test
  void everySpanOfADocumentComesUp() {
    SpanSampler sampler = sampler(32, 1);
    Set<String> seen = new HashSet<>();
    for (long epoch = 0; epoch < 200; epoch++) {
      for (long position = 0; position < sampler.pairs(); position++) {
        for (int[] row : sampler.pair(epoch, position)) {
          seen.add(row[1] + " " + row[2]);
        }
      }
    }
    assertThat(seen).hasSize(DOCUMENTS * (DOCUMENTS + 1) / 2 - 1);
  }

  @Test
  void aLongSpanShowsAWindowFromAnywhereInIt() {
    SpanSampler sampler = sampler(13, 1);
    boolean fromEven = false;
    boolean fromOdd = false;
    for (long position = 0; position < sampler.sequences(); position++) {
      int[] row = sampler.sequence(0, position);
      assertThat(row).hasSize(13).startsWith(tokenizer.clsId()).endsWith(tokenizer.sepId());
      assertThat(row[3]).as("tokens in a row").isEqualTo(row[1]).isNotEqualTo(row[2]);
      fromEven |= tokenizer.piece(row[1]).startsWith("d");
      fromOdd |= tokenizer.piece(row[1]).startsWith("s");
    }
    assertThat(fromEven && fromOdd).isTrue();
  }
}
