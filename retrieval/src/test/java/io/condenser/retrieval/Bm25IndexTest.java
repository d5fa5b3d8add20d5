package io.condenser.retrieval;

import static io.condenser.retrieval.ListReader.passage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.condenser.evaluation.Run;
import io.condenser.evaluation.ScoredPassage;
import io.condenser.storage.InputException;
import io.condenser.text.Passage;
import io.condenser.text.Query;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Bm25IndexTest {
  private static final List<Passage> ANIMALS =
      List.of(
          passage("a", "", "cat cat dog"),
          passage("b", "", "cat bird bird bird fish"),
          passage("c", "Dogs", "fish"),
          passage("d", "", "horse"));

  @TempDir private Path folder;

  private Bm25Index index(List<Passage> passages, Bm25Settings settings) {
    Path directory = folder.resolve("bm25");
    Bm25Index.build(directory, new ListReader<>(passages), settings, done -> {});
    return Bm25Index.open(directory);
  }

  private static List<String> ids(List<ScoredPassage> hits) {
    return hits.stream().map(ScoredPassage::id).toList();
  }

  @Test
  void scoresAreTheFormulas() {
    double k1 = 1.2;
    double b = 0.75;
    try (Bm25Index index = index(ANIMALS, new Bm25Settings(Analysis.ENGLISH, k1, b))) {
      double averageLength = (3 + 5 + 2 + 1) / 4.0;
      double idf = Math.log(1 + (4 - 2 + 0.5) / (2 + 0.5)); // 'cat' is in 2 of 4 passages
      double a = idf * 2 / (2 + k1 * (1 - b + b * 3 / averageLength));
      double other = idf * 1 / (1 + k1 * (1 - b + b * 5 / averageLength));
      List<ScoredPassage> hits = index.search("cats", 10);
      assertThat(ids(hits)).containsExactly("a", "b");
      assertThat((double) hits.get(0).score()).isCloseTo(a, within(1e-6));
      assertThat((double) hits.get(1).score()).isCloseTo(other, within(1e-6));
      assertThat((double) index.search("cat cat", 1).getFirst().score())
          .as("a term asked twice counts twice")
          .isCloseTo(2 * a, within(1e-6));
    }
  }

  @Test
  void titlesAreSearchedToo() {
    try (Bm25Index index = index(ANIMALS, Bm25Settings.of(Analysis.ENGLISH))) {
      assertThat(ids(index.search("dog", 10))).containsExactly("c", "a");
    }
  }

  @Test
  void tiesComeByDescendingIdWhateverTheOrderOfTheCorpusAndTheCut() {
    List<Passage> same =
        IntStream.range(0, 300)
            .mapToObj(i -> passage("p" + i * 7919 % 300, "", "the same words"))
            .toList();
    List<String> expected =
        same.stream().map(Passage::id).sorted(Comparator.reverseOrder()).toList();
    try (Bm25Index index = index(same, Bm25Settings.of(Analysis.ENGLISH))) {
      assertThat(ids(index.search("same words", 300))).isEqualTo(expected);
      assertThat(ids(index.search("same words", 7))).isEqualTo(expected.subList(0, 7));
    }
  }

  @Test
  void noCharacterOfAQueryHasAMeaningOfItsOwn() {
    try (Bm25Index index = index(ANIMALS, Bm25Settings.of(Analysis.ENGLISH))) {
      List<ScoredPassage> plain = index.search("cat dog", 10);
      assertThat(index.search("+cat -dog", 10)).isEqualTo(plain);
      assertThat(index.search("cat AND (dog", 10)).as("'and' is a stop word").isEqualTo(plain);
      assertThat(index.search("\"cat\"^5 ~dog~ [* TO \\", 10)).isNotEmpty();
      assertThat(index.search("", 10)).isEmpty();
      assertThat(index.search("the of ?!", 10)).isEmpty();
    }
  }

  @Test
  void aQueryMayBeALongPassage() {
    String words =
        IntStream.range(0, 5000).mapToObj(i -> "word" + i).collect(Collectors.joining(" "));
    List<Passage> passages = List.of(passage("long", "", words), passage("short", "", "word7"));
    try (Bm25Index index = index(passages, Bm25Settings.of(Analysis.ENGLISH))) {
      assertThat(ids(index.search(words, 10))).containsExactly("long", "short");
    }
  }

  @Test
  void plainAnalysisKeepsWordsThatEnglishDropsOrCuts() {
    List<Passage> passages =
        List.of(passage("1", "", "Was will der Was"), passage("2", "", "Wills"));
    try (Bm25Index index = index(passages, Bm25Settings.of(Analysis.PLAIN))) {
      assertThat(ids(index.search("was?", 10))).containsExactly("1");
      assertThat(ids(index.search("WILLS", 10))).containsExactly("2");
    }
    try (Bm25Index index = index(passages, Bm25Settings.of(Analysis.ENGLISH))) {
      assertThat(ids(index.search("was?", 10))).isEmpty();
    }
  }

  @Test
  void chineseIsFoundByPairsOfCharacters() {
    List<Passage> passages = List.of(passage("1", "", "北京是中国的首都"), passage("2", "", "上海是中国的城市"));
    try (Bm25Index index = index(passages, Bm25Settings.of(Analysis.CJK))) {
      assertThat(ids(index.search("首都是哪里？", 10))).containsExactly("1");
      assertThat(ids(index.search("中国", 10))).containsExactly("2", "1");
    }
  }

  @Test
  void manyQueriesAtOnceGiveWhatEachGivesAlone() {
    List<Query> queries =
        IntStream.range(0, 1000)
            .mapToObj(i -> new Query("q" + i, List.of("cat", "dog", "bird fish", "cow").get(i % 4)))
            .toList();
    try (Bm25Index index = index(ANIMALS, Bm25Settings.of(Analysis.ENGLISH))) {
      Run run = index.search(queries, 2, done -> {});
      for (Query query : queries) {
        assertThat(run.ranking(query.id())).isEqualTo(index.search(query.text(), 2));
      }
      assertThat(run.queries()).as("queries without an answer have no ranking").hasSize(750);
    }
  }

  @Test
  void anIndexKeepsItsSettings() {
    Bm25Settings settings = new Bm25Settings(Analysis.CJK, 0.82, 0.68);
    try (Bm25Index index = index(ANIMALS, settings)) {
      assertThat(index.settings()).isEqualTo(settings);
      assertThat(index.size()).isEqualTo(4);
    }
  }

  @Test
  void passagesAreKept() {
    try (Bm25Index index = index(ANIMALS, Bm25Settings.of(Analysis.ENGLISH))) {
      assertThat(index.passage("c")).isEqualTo(passage("c", "Dogs", "fish"));
      assertThat(index.passage("x")).isNull();
    }
  }

  @Test
  void aFailedBuildLeavesTheOldIndex() {
    index(ANIMALS, Bm25Settings.of(Analysis.ENGLISH)).close();
    Path directory = folder.resolve("bm25");
    List<Passage> twice =
        List.of(passage("same", "", "x"), passage("y", "", "y"), passage("same", "", "z"));
    assertThatThrownBy(() -> index(twice, Bm25Settings.of(Analysis.ENGLISH)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("'same'");
    assertThatThrownBy(() -> index(List.of(), Bm25Settings.of(Analysis.ENGLISH)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no passages");
    try (Bm25Index index = Bm25Index.open(directory)) {
      assertThat(index.size()).isEqualTo(ANIMALS.size());
    }
    assertThat(folder.toFile().list()).containsExactly("bm25");
  }

  @Test
  void otherFoldersAreRefused() throws IOException {
    Path absent = folder.resolve("absent");
    assertThatThrownBy(() -> Bm25Index.open(absent))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("absent: no such folder");
    assertThat(absent).doesNotExist();
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThatThrownBy(() -> Bm25Index.open(empty))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("holds no BM25 index");
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new Bm25Settings(Analysis.ENGLISH, -0.1, 0.4))
        .hasMessage("k1 is -0.1; expected 0 to 100");
    assertThatThrownBy(() -> new Bm25Settings(Analysis.ENGLISH, 0.9, Double.NaN))
        .hasMessage("b is NaN; expected 0 to 1");
  }
}
