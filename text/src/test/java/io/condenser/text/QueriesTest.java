package io.condenser.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.storage.InputException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class QueriesTest {
  @TempDir Path folder;

  private List<Query> read(String content) throws IOException {
    return all(Files.writeString(folder.resolve("queries"), content));
  }

  private static List<Query> all(Path file) {
    List<Query> queries = new ArrayList<>();
    try (RecordReader<Query> reader = Queries.open(file)) {
      for (Query q = reader.next(); q != null; q = reader.next()) {
        queries.add(q);
      }
    }
    return queries;
  }

  @Test
  void readsJsonLinesAndTsv() throws IOException {
    List<Query> expected = List.of(new Query("1", "what is it"), new Query("2", "who"));
    assertThat(
            read("{\"_id\":\"1\",\"text\":\"what is it\",\"x\":1}\n{\"_id\":2,\"text\":\"who\"}"))
        .isEqualTo(expected);
    assertThat(read("1\twhat is it\r\n2\twho\r\n")).isEqualTo(expected);
  }

  @Test
  void readsAnswersAndTheNamesOfTevatron() throws IOException {
    assertThat(
            read(
                """
                {"_id": "1", "text": "who", "answers": ["Ada", "Ada L."]}
                {"query_id": "2", "query": "when", "answers": null}
                """))
        .containsExactly(new Query("1", "who", List.of("Ada", "Ada L.")), new Query("2", "when"));
    assertThatThrownBy(() -> read("{\"_id\": \"1\", \"text\": \"who\", \"answers\": \"Ada\"}"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("queries:1: \"answers\" is not a list of texts");
  }

  @Test
  void readsDprQuestionsWithTheirNumbersAsIds() throws IOException {
    List<Query> expected =
        List.of(
            new Query("1", "who wrote it", List.of("Ada", "it's \"her\"")),
            new Query("2", "say \"when\"", List.of()));
    assertThat(read("who wrote it\t['Ada', 'it\\'s \"her\"']\n\"say \"\"when\"\"\"\t[]\n"))
        .isEqualTo(expected);
    assertThat(
            read(
                "who wrote it\t\"[\"\"Ada\"\", 'it\\'s \"\"her\"\"']\"\n\"say \"\"when\"\"\"\t[]\n"))
        .isEqualTo(expected);
    assertThat(
            read(
                """
                [
                  {"question": "who wrote it", "answers": ["Ada", "it's \\"her\\""]},
                  {"question": "say \\"when\\"", "answers": [], "positive_ctxs": []}
                ]
                """))
        .isEqualTo(expected);
    assertThatThrownBy(() -> read("who\t['Ada']\nwhen\t1911\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("queries:2: expected a question, a tab and a list of answers");
  }

  @Test
  void aQueryInQuotesOrBracketsStaysAQuery() throws IOException {
    assertThat(read("1\t\"to be or not to be\"\n2\t[citation needed]\n"))
        .containsExactly(
            new Query("1", "\"to be or not to be\""), new Query("2", "[citation needed]"));
  }

  @Test
  void readsTrecTopics() throws IOException {
    assertThat(
            read(
                """
                <top>

                <num> Number: 301
                <title> International
                   Organized Crime

                <desc> Description:
                Identify organizations.
                </top>
                <top><num>302</num><title>Polio</title></top>
                """))
        .containsExactly(
            new Query("301", "International Organized Crime"), new Query("302", "Polio"));
    assertThatThrownBy(() -> read("<top>\n<num> Number: 1\n<desc> x\n</top>\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("queries:4: the topic that ends here has no <title>");
    assertThatThrownBy(() -> read("<top>\n<num> Number: 1\n<title> x\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("the last topic has no </top>");
  }

  @Test
  void readsParquet() throws URISyntaxException {
    assertThat(all(ParquetFiles.of("queries.parquet")))
        .containsExactly(
            new Query("7", "when did the harbour open", List.of("1911", "in 1911")),
            new Query("8", "how long does rye bread keep", List.of("a week")));
  }

  @Test
  void anObjectOfAnArrayIsNamedByLineAndNumber() {
    assertThatThrownBy(() -> read("[\n {\"question\": \"a\"},\n {\"question\": 3}\n]"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("queries:3: element 2: \"question\" is 3; expected a text");
    assertThatThrownBy(() -> read("[\n {\"question\": \"a\"},\n {\"question\""))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("queries:3: not a JSON array of objects");
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "no named pipes")
  void aPipeIsReadWholeThoughItCanBeReadOnlyOnce() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Path file = Files.writeString(folder.resolve("queries"), "1\ta\n2\tb\n");
    Process writer =
        new ProcessBuilder("tee", pipe.toString())
            .redirectInput(file.toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(all(pipe)).containsExactly(new Query("1", "a"), new Query("2", "b"));
    assertThat(writer.waitFor()).isZero();
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    List<Query> queries = List.of(new Query("1", "a\tb"), new Query("2", "c", List.of("x\"y", "")));
    Path file = folder.resolve("written.jsonl");
    try (JsonWriter out = JsonWriter.lines(file)) {
      for (Query query : queries) {
        out.write(Queries.json(query));
      }
    }
    assertThat(all(file)).isEqualTo(queries);
  }

  @Test
  void badLinesAreNamed() {
    assertThatThrownBy(() -> read("1\ta\n1\tb\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("queries:2: id '1' has occurred before");
    assertThatThrownBy(() -> read("1\ta\n2\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("queries:2: 1 columns; expected 2");
    assertThatThrownBy(() -> read("1\ta\n2\t \n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("queries:2: query '2' has no text");
    assertThatThrownBy(() -> read("{\"text\":\"a\"}"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("queries:1: a query without \"_id\"");
    assertThatThrownBy(() -> read(""))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("queries: no queries");
  }
}
