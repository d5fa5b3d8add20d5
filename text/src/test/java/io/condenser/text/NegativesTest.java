package io.condenser.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.storage.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NegativesTest {
  @TempDir private Path folder;

  private void readAll(Path file) {
    try (RecordReader<Negatives> reader = Negatives.open(file)) {
      while (reader.next() != null) {}
    }
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    Path file = folder.resolve("negatives.jsonl");
    Negatives first = new Negatives("q\"1\"", List.of("p 1", "二"));
    Negatives second = new Negatives("q2", List.of());
    Negatives.write(file, List.of(first, second));
    assertThat(Files.readString(file)).endsWith("{\"query\":\"q2\",\"negatives\":[]}\n");
    try (RecordReader<Negatives> reader = Negatives.open(file)) {
      assertThat(reader.next()).isEqualTo(first);
      assertThat(reader.next()).isEqualTo(second);
      assertThat(reader.next()).isNull();
    }
  }

  @Test
  void otherLinesAreRefusedByNumber() throws IOException {
    Path file = folder.resolve("negatives.jsonl");
    Files.writeString(file, "{\"query\":\"q\",\"negatives\":[]}\n{\"query\":\"r\"}\n");
    assertThatThrownBy(() -> readAll(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("negatives.jsonl:2:");
    Files.writeString(file, "{\"query\":\"q\",\"negatives\":[1]}\n");
    assertThatThrownBy(() -> readAll(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("negatives.jsonl:1: \"negatives\" holds 1");
    Files.writeString(file, "q\tp\n");
    assertThatThrownBy(() -> readAll(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("negatives.jsonl:1: not a JSON object");
  }
}
