package io.condenser.cli.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.evaluation.Qrels;
import io.condenser.evaluation.Run;
import io.condenser.evaluation.ScoredPassage;
import io.condenser.storage.InputException;
import io.condenser.text.Passage;
import io.condenser.text.Query;
import io.condenser.text.TextId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportStageTest {
  @TempDir private Path folder;

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private Imported train(@Nullable Path corpus, Path... files) throws IOException {
    return Imported.of(
        folder.resolve("out"),
        corpus == null ? List.of() : List.of(corpus),
        null,
        List.of(files),
        List.of(),
        List.of());
  }

  private static Passage passage(String id, String title, String text) {
    return new Passage(id, title, text, null, List.of());
  }

  @Test
  void msMarcoInItsSplits() throws IOException {
    Path corpus = file("collection.tsv", "0\tone\n1\ttwo\n2\tthree\n");
    Imported read =
        Imported.of(
            folder.resolve("out"),
            List.of(corpus),
            file("titles", "0\tFirst\n2\tThird\n"),
            List.of(
                file("queries.train.tsv", "10\twhat\n11\twho\n"),
                file("qrels.train.tsv", "10\t0\t0\t1\n11\t0\t2\t1\n"),
                file("train.negatives.tsv", "10\t1,2,1\n")),
            List.of(file("queries.dev.tsv", "20\twhen\n"), file("qrels.dev.tsv", "20 0 1 1\n")),
            List.of());
    assertThat(read.corpus().values())
        .containsExactly(
            passage("0", "First", "one"), passage("1", "", "two"), passage("2", "Third", "three"));
    assertThat(read.queries("queries.jsonl")).containsOnlyKeys("10", "11", "20");
    assertThat(read.queries("queries/dev.jsonl")).containsOnlyKeys("20");
    Qrels qrels = Qrels.read(read.folder().resolve("qrels/train.tsv"));
    assertThat(qrels.of("11")).isEqualTo(Map.of("2", 1));
    assertThat(Qrels.read(read.folder().resolve("qrels/dev.tsv")).of("20")).containsKey("1");
    assertThat(read.negatives("train")).isEqualTo(Map.of("10", List.of("1", "2")));
    assertThat(read.remarks())
        .containsExactly(
            read.folder() + ": 3 passages, 0 of them from queries' files; 3 queries",
            "train: 2 queries, judgments of 2, negatives of 1",
            "dev: 1 queries, judgments of 1");
  }

  @Test
  void triplesOfIdsAreJudgmentsAndTheFirstNegatives() throws IOException {
    Imported read =
        train(
            file("collection.tsv", "0\ta\n1\tb\n2\tc\n3\td\n4\te\n"),
            file("queries.tsv", "10\twhat\n"),
            file("triples", "10\t0\t1\n10\t0\t2\n10\t0\t1\n10\t0\t3\n10\t0\t4\n"));
    assertThat(Qrels.read(read.folder().resolve("qrels/train.tsv")).of("10"))
        .isEqualTo(Map.of("0", 1));
    assertThat(read.negatives("train")).isEqualTo(Map.of("10", List.of("1", "2", "3")));
  }

  @Test
  void triplesOfTextsGetIdsThatOnlyTheTextDecides() throws IOException {
    Imported read =
        train(null, file("triples", "what is\tit is\tit is not\nwho is\tshe is\tit is\n"));
    String what = TextId.of("what is");
    String it = TextId.of("it is");
    assertThat(read.corpus()).hasSize(3).containsEntry(it, passage(it, "", "it is"));
    assertThat(read.queries("queries.jsonl"))
        .hasSize(2)
        .containsEntry(what, new Query(what, "what is"));
    assertThat(Qrels.read(read.folder().resolve("qrels/train.tsv")).isRelevant(what, it)).isTrue();
    assertThat(read.negatives("train")).containsEntry(TextId.of("who is"), List.of(it));
  }

  @Test
  void theTop1000IsARunWithItsTextsInTheOrderOfTheFile() throws IOException {
    Imported read =
        train(null, file("top1000.tsv", "10\t7\twhat is\tit is\n10\t5\twhat is\tit was\n"));
    assertThat(read.corpus().keySet()).containsExactly("7", "5");
    assertThat(read.queries("queries.jsonl")).containsEntry("10", new Query("10", "what is"));
    assertThat(Run.read(read.folder().resolve("runs/train.run")).ranking("10"))
        .containsExactly(new ScoredPassage("7", -1), new ScoredPassage("5", -2));
  }

  @Test
  void dprIsReadWithItsAnswersAndPassagesThatTheCorpusLacksAreAdded() throws IOException {
    Path corpus = file("psgs_w100.tsv", "id\ttext\ttitle\n1\t\"one\"\tA\n2\ttwo\tB\n");
    Path train =
        file(
            "train.json",
            """
            [{"question": "who", "answers": ["Ada"],
              "positive_ctxs": [{"title": "A", "text": "one", "passage_id": "1"}],
              "hard_negative_ctxs": [{"title": "C", "text": "three", "passage_id": "3"},
                                     {"title": "B", "text": "two", "passage_id": "2"}]}]
            """);
    Imported read =
        Imported.of(
            folder.resolve("out"),
            List.of(corpus),
            null,
            List.of(train),
            List.of(),
            List.of(file("test.qa.csv", "when\t['1911', \"May\"]\nwhere\t[]\n")));
    assertThat(read.corpus().values())
        .containsExactly(
            new Passage("1", "A", "one", "A", List.of()), // of the article of that title
            new Passage("2", "B", "two", "B", List.of()),
            passage("3", "C", "three"));
    assertThat(read.queries("queries.jsonl").values())
        .containsExactly(
            new Query("train-1", "who", List.of("Ada")),
            new Query("test-1", "when", List.of("1911", "May")),
            new Query("test-2", "where"));
    assertThat(read.negatives("train")).isEqualTo(Map.of("train-1", List.of("3", "2")));
    assertThat(read.folder().resolve("qrels/test.tsv")).doesNotExist();
    assertThat(read.remarks())
        .contains(read.folder() + ": 3 passages, 1 of them from queries' files; 3 queries");
  }

  @Test
  void judgmentsAsObjectsAreRead() throws IOException {
    Imported read =
        train(
            null,
            file("qrels.jsonl", "{\"query-id\": \"q\", \"corpus-id\": \"p\", \"score\": 2.0}\n"));
    assertThat(Qrels.read(read.folder().resolve("qrels/train.tsv")).of("q"))
        .isEqualTo(Map.of("p", 2));
  }

  @Test
  void whatJudgmentsNameButNothingHoldsIsSaid() throws IOException {
    Imported read =
        train(
            file("collection.tsv", "0\ta\n"),
            file("queries.tsv", "10\twhat\n"),
            file("qrels.tsv", "10 0 0 1\n11 0 5 1\n"));
    assertThat(read.remarks())
        .contains(
            "train: 1 queries, judgments of 2 (1 of them without a text)"
                + " (1 judged passages are not in the corpus)");
  }

  @Test
  void titlesInAnotherOrderAreRefused() throws IOException {
    Path corpus = file("collection.tsv", "0\ta\n1\tb\n");
    Path titles = file("titles.tsv", "1\tB\n0\tA\n");
    assertThatThrownBy(() ->
            Imported.of(
                folder.resolve("out"), List.of(corpus), titles, List.of(), List.of(), List.of()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("titles.tsv:2: no passage '0' comes after");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void filesOfAnotherKindAreRefusedByName() throws IOException {
    Path run = file("dev.run", "q Q0 p 1 2.5 tag\n");
    assertThatThrownBy(() -> train(null, run))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("dev.run:1: this is a run");
    Path five = file("five", "a\tb\tc\td\te\n");
    assertThatThrownBy(() -> train(null, five))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("five:1: 5 columns; expected queries, judgments");
    Path damaged = file("damaged", "10\t0\t1\n10\t0\n");
    assertThatThrownBy(() -> train(null, damaged))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("damaged:2: 2 columns, but 3 in the first line");
  }

  @Test
  void oneIdForTwoTextsIsRefused() throws IOException {
    Path one = file("one.tsv", "10\twhat\n");
    Path two = file("two.tsv", "10\twho\n");
    assertThat(train(null, one, one).queries("queries.jsonl")).hasSize(1);
    assertThatThrownBy(() -> train(null, one, two))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("two.tsv: query '10' has another text in this file");
  }

  @Test
  void aFolderOfThisLayoutThatNoImportMadeIsNotReplaced() throws IOException {
    Path queries = file("queries.tsv", "10\twhat\n");
    Path beir = Files.createDirectory(folder.resolve("out"));
    Path corpus = Files.writeString(beir.resolve("corpus.jsonl"), "dear");
    assertThatThrownBy(() -> train(null, queries))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("out: holds files but no .condenser, and would be replaced");
    assertThat(corpus).hasContent("dear");
  }

  @Test
  void aFolderThatHoldsAnythingElseIsNotReplaced() throws IOException {
    Path queries = file("queries.tsv", "10\twhat\n");
    train(null, queries);
    train(null, queries); // what an import wrote may be replaced
    Path other = Files.writeString(folder.resolve("out/notes.txt"), "mine");
    assertThatThrownBy(() -> train(null, queries))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("would be replaced, but holds " + other);
    Path inside = folder.resolve("out/queries.jsonl");
    assertThatThrownBy(() -> train(null, inside))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("would be replaced, but holds " + inside);
    assertThat(other).hasContent("mine");
  }
}
