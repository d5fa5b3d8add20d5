package io.condenser.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.storage.InputException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PassagesTest {
  @TempDir Path folder;

  private List<Passage> read(String content) throws IOException {
    return all(Files.writeString(folder.resolve("corpus"), content));
  }

  private static List<Passage> all(Path file) {
    List<Passage> passages = new ArrayList<>();
    try (RecordReader<Passage> reader = Passages.open(file)) {
      for (Passage p = reader.next(); p != null; p = reader.next()) {
        passages.add(p);
      }
    }
    return passages;
  }

  @Test
  void readsBeirJsonLinesAndIgnoresWhatItDoesNotKnow() throws IOException {
    assertThat(
            read(
                """
                {"_id": "a", "title": "T", "text": "one", "metadata": {"x": [1]}}

                {"_id": 7, "text": "two", "doc": "d", "title": null}
                """))
        .containsExactly(
            new Passage("a", "T", "one", null, List.of()),
            new Passage("7", "", "two", "d", List.of()));
  }

  /** Python writes such texts where it cuts between the code units of an emoji. */
  @Test
  void halfACharacterIsReplacedSoThatItCanBeWrittenAgain() throws IOException {
    String lines =
        """
        {"_id": "a", "text": "cut \\ud83d, whole \\ud83d\\ude00"}
        {"_id": "b", "spans": ["\\ude00 tail"]}
        """;
    List<Passage> read = read(lines);
    assertThat(read)
        .containsExactly(
            new Passage("a", "", "cut \uFFFD, whole \uD83D\uDE00", null, List.of()),
            new Passage("b", "", "", null, List.of("\uFFFD tail")));
  }

  @Test
  void readsDocumentsWithSpansByLineNumberWhereTheyHaveNoId() throws IOException {
    assertThat(read("{\"spans\": [\"one\", \" \", \"two\"]}\n{\"_id\": \"b\", \"spans\": [\"x\"]}"))
        .containsExactly(
            new Passage("1", "", "", null, List.of("one", "two")),
            new Passage("b", "", "", null, List.of("x")));
  }

  @Test
  void readsMsMarcoPassagesAndDocuments() throws IOException {
    assertThat(read("0\tThe \"text\"\n1\tMore\n"))
        .containsExactly(
            new Passage("0", "", "The \"text\"", null, List.of()),
            new Passage("1", "", "More", null, List.of()));
    assertThat(read("D1\thttp://x\tTitle\tBody\n"))
        .containsExactly(new Passage("D1", "Title", "Body", null, List.of()));
  }

  @Test
  void readsTitledPassagesOfThreeColumns() throws IOException {
    assertThat(read("0\tA title\tThe \"text\"\n1\t\tMore\n"))
        .containsExactly(
            new Passage("0", "A title", "The \"text\"", null, List.of()),
            new Passage("1", "", "More", null, List.of()));
  }

  @Test
  void readsDprPassagesByTheirHeaderAsPiecesOfTheArticleThatTheTitleNames() throws IOException {
    assertThat(read("id\ttext\ttitle\n1\t\"He said \"\"no\"\" twice\"\tA \"title\"\n2\tplain\tB\n"))
        .containsExactly(
            new Passage("1", "A \"title\"", "He said \"no\" twice", "A \"title\"", List.of()),
            new Passage("2", "B", "plain", "B", List.of()));
    assertThatThrownBy(() -> read("id\ttext\ttitle\n1\ta\tA\n2\tb\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("corpus:3: 2 columns, but the header names 3: id, text, title");
    assertThatThrownBy(() -> read("id\ttext\ttitle\n1\t\"a\tA\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("corpus:2: a column opens with a quote that does not close");
  }

  @Test
  void readsTevatronsCorpus() throws IOException {
    assertThat(read("{\"docid\": \"7\", \"title\": \"T\", \"text\": \"one\"}"))
        .containsExactly(new Passage("7", "T", "one", null, List.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"corpus.parquet", "corpus-zstd.parquet"})
  void readsParquet(String file) throws URISyntaxException {
    assertThat(all(ParquetFiles.of(file)))
        .containsExactly(
            new Passage("p1", "Harbour", "The harbour of Lumen opened in 1911.", null, List.of()),
            new Passage(
                "p2", "", "Zwei Z\u00fcge fahren t\u00e4glich. \u6771\u4eac", null, List.of()),
            new Passage("p3", "", "Rye bread keeps for a week.", null, List.of()));
  }

  @Test
  void damagedParquetIsRefusedWithAWayOut() {
    assertThatThrownBy(() -> read("PAR1 and then nothing of the kind"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("corpus: cannot be read as Parquet")
        .hasMessageContaining("convert it to JSON lines");
  }

  @Test
  void theTop1000OfMsMarcoIsNoCorpusOfDocuments() {
    assertThatThrownBy(() -> read("188714\t1000052\ta query\ta passage\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("corpus:1: the second column of four is '1000052', no address");
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    List<Passage> passages =
        List.of(
            new Passage("a\"b", "T\t1", "one\ntwo \u6771\u4eac", "d", List.of()),
            new Passage("c", "", "", null, List.of("x", "y")));
    Path file = folder.resolve("written.jsonl");
    try (JsonWriter out = JsonWriter.lines(file)) {
      for (Passage passage : passages) {
        out.write(Passages.json(passage));
      }
    }
    assertThat(all(file)).isEqualTo(passages);
  }

  @Test
  void readsGzip() throws IOException {
    Path file = folder.resolve("corpus.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("{\"_id\": \"a\", \"text\": \"één\"}\n".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(all(file)).containsExactly(new Passage("a", "", "één", null, List.of()));
  }

  @Test
  void passagesWithoutTextStayAsBeirsDo() throws IOException {
    assertThat(read("{\"_id\": \"a\", \"title\": \"T\", \"text\": \"\"}")).hasSize(1);
    assertThat(read("{\"_id\": \"a\", \"title\": \"\", \"text\": \"\", \"metadata\": {}}"))
        .containsExactly(new Passage("a", "", "", null, List.of()));
    assertThat(read("1\tone\n2\t\n")).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"_id\": \"b\", \"title\": \"T\"} | :2: passage 'b' has no \"text\"; it has _id, title",
        "{\"text\": \"x\"} | :2: a passage without \"_id\"",
        "{\"_id\": \"a\", \"text\": \"x\"} | :2: id 'a' has occurred before",
        "{\"_id\": \"b\", \"text\": 3} | :2: \"text\" is 3; expected a text",
        "{\"_id\": \"b\", \"text\": \"x\" | :2: not a JSON object",
        "[1] | :2: expected a JSON object, found [1]",
        "{\"_id\": \"b\", \"spans\": \"x\"} | :2: \"spans\" is not a list of texts",
        "{\"_id\": \"b\", \"spans\": [1]} | :2: \"spans\" holds 1; expected texts alone"
      })
  void aBadLineIsNamed(String line, String problem) {
    assertThatThrownBy(() -> read("{\"_id\": \"a\", \"text\": \"one\"}\n" + line + "\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("corpus" + problem);
  }

  @Test
  void aBadColumnCountIsNamed() {
    assertThatThrownBy(() -> read("1\ttext\n2\ta\tb\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("corpus:2: 3 columns, but 2 in the lines before");
    assertThatThrownBy(() -> read("text\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("corpus:1: 1 columns; expected 2 (id, text), 3 (id, title, text)");
  }

  @Test
  void anEmptyCorpusIsRefusedAtOnce() {
    assertThatThrownBy(() -> read("\n \n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("corpus: no passages");
    assertThatThrownBy(() -> read("")).isInstanceOf(InputException.class);
  }

  @Test
  void manyIdsAreToldApart() {
    IdSet ids = new IdSet();
    for (int i = 0; i < 200_000; i++) {
      assertThat(ids.add("id" + i)).isTrue();
    }
    for (int i = 0; i < 200_000; i++) {
      assertThat(ids.add("id" + i)).isFalse();
    }
    assertThat(ids.contains("id200000")).isFalse();
    assertThat(ids.size()).isEqualTo(200_000);
  }

  @Test
  void passagesThatShareAnIdAreJoinedWhereItFirstOccurs() throws IOException {
    Path corpus =
        Files.writeString(
            folder.resolve("shared.jsonl"),
            """
            {"_id": "a", "title": "A", "text": "one", "doc": "d"}
            {"_id": "b", "text": "two"}
            {"_id": "a", "title": "Z", "text": "three", "doc": "e"}
            {"_id": "c", "spans": ["x"]}
            {"_id": "c", "spans": ["y"]}
            {"_id": "a", "title": "Z", "text": ""}
            {"_id": "c", "text": "z"}
            """);
    Path out = folder.resolve("unique.jsonl");
    assertThat(SharedIds.join(corpus, out)).isEqualTo(new SharedIds.Joined(7, 3, 2));
    assertThat(all(out))
        .containsExactly(
            new Passage("a", "A", "one\nZ\nthree", "d", List.of()),
            new Passage("b", "", "two", null, List.of()),
            new Passage("c", "", "", null, List.of("x", "y", "z")));
  }
}
