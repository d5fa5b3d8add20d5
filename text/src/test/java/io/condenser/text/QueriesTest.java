package io.condenser.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.storage.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueriesTest {
  @TempDir Path folder;

  private List<Query> read(String content) throws IOException {
    Path file = Files.writeString(folder.resolve("queries"), content);
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
