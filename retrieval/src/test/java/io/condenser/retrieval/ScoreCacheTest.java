package io.condenser.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.storage.InputException;
import io.condenser.text.TokenPair;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreCacheTest {
  private static final int MANY = 5000;

  @TempDir Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void name() {
    file = folder.resolve("scores");
  }

  @Test
  void whatWasAddedIsKnownToTheNextRun() {
    fill(MANY);
    try (ScoreCache cache = ScoreCache.open(file, "model")) {
      assertThat(cache.size()).isEqualTo(MANY);
      for (int i = 0; i < MANY; i++) {
        assertThat(cache.score(pair(i))).isEqualTo(i / 7f);
      }
      assertThat(cache.score(pair(MANY))).isNaN();
    }
  }

  @Test
  void theSameTokensDividedOtherwiseAreAnotherPair() {
    fill(1);
    TokenPair same = pair(0);
    try (ScoreCache cache = ScoreCache.open(file, "model")) {
      assertThat(cache.score(new TokenPair(same.ids(), same.passageFrom()))).isZero();
      assertThat(cache.score(new TokenPair(same.ids(), same.passageFrom() + 1))).isNaN();
    }
  }

  @Test
  void aKnownPairIsNotWrittenAgain() throws IOException {
    fill(10);
    long size = Files.size(file);
    fill(10);
    assertThat(Files.size(file)).isEqualTo(size);
  }

  @Test
  void aTornRecordIsDroppedAndTheCacheGoesOn() throws IOException {
    fill(10);
    truncate(Files.size(file) - 5);
    try (ScoreCache cache = ScoreCache.open(file, "model")) {
      assertThat(cache.size()).isEqualTo(9);
      cache.add(List.of(pair(9), pair(10)), new float[] {9 / 7f, 10 / 7f});
    }
    try (ScoreCache cache = ScoreCache.open(file, "model")) {
      assertThat(cache.size()).isEqualTo(11);
      assertThat(cache.score(pair(9))).isEqualTo(9 / 7f);
    }
  }

  @Test
  void aDamagedRecordIsDroppedWithWhatFollows() throws IOException {
    fill(10);
    byte[] content = Files.readAllBytes(file);
    content[content.length - 2 * 16 - 7] ^= 1; // in the score of the third to last
    Files.write(file, content);
    try (ScoreCache cache = ScoreCache.open(file, "model")) {
      assertThat(cache.size()).isEqualTo(7);
    }
  }

  @Test
  void aTornFirstLineIsWrittenAnew() throws IOException {
    fill(10);
    truncate(12);
    fill(3);
    try (ScoreCache cache = ScoreCache.open(file, "model")) {
      assertThat(cache.size()).isEqualTo(3);
    }
  }

  @Test
  void anotherModelsScoresAreRefused() throws IOException {
    fill(3);
    byte[] before = Files.readAllBytes(file);
    assertThatThrownBy(() -> ScoreCache.open(file, "other"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("another model");
    assertThat(file).hasBinaryContent(before);
  }

  @Test
  void aFileThatIsNoCacheIsLeftAlone() throws IOException {
    Files.writeString(file, "q1 Q0 p1 1 3.5 bm25\n");
    assertThatThrownBy(() -> ScoreCache.open(file, "model"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("not a cache");
    assertThat(file).hasContent("q1 Q0 p1 1 3.5 bm25");
  }

  @Test
  void twoAtOnceAreRefused() {
    try (ScoreCache _ = ScoreCache.open(file, "model")) {
      assertThatThrownBy(() -> ScoreCache.open(file, "model"))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("another process");
    }
  }

  private void fill(int count) {
    List<TokenPair> pairs = new ArrayList<>();
    float[] logits = new float[count];
    for (int i = 0; i < count; i++) {
      pairs.add(pair(i));
      logits[i] = i / 7f;
    }
    try (ScoreCache cache = ScoreCache.open(file, "model")) {
      cache.add(pairs, logits);
    }
  }

  private void truncate(long size) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
  }

  private static TokenPair pair(int i) {
    return TokenPair.of(new int[] {1, i, 2}, new int[] {1, i / 3, 2}, 9);
  }
}
