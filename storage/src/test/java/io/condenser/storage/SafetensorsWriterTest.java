package io.condenser.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
  @TempDir Path folder;

  @Test
  void whatIsPutIsRead() throws IOException {
    Path file = folder.resolve("tensors");
    int many = 600_000; // more than the buffer holds
    try (SafetensorsWriter writer = new SafetensorsWriter(file)) {
      writer.begin("short", DType.U16);
      for (int i = 0; i < many; i++) {
        writer.putShort(i & 0xFFFF);
      }
      writer.end(many / 2, 2);
      writer.begin("empty", DType.I32);
      writer.end(0);
      writer.begin("long", DType.I64);
      writer.putLong(-7);
      writer.putLong(1L << 40);
      writer.end(2);
      writer.finish(Map.of("made", "here"));
    }
    try (Safetensors read = Safetensors.open(file)) {
      assertThat(read.metadata()).containsExactly(Map.entry("made", "here"));
      assertThat(read.tensors().keySet()).containsExactly("short", "empty", "long");
      assertThat(read.tensor("short").shape()).isEqualTo(List.of(many / 2L, 2L));
      char last = read.tensor("short").data().getAtIndex(ValueLayout.JAVA_CHAR_UNALIGNED, many - 1);
      assertThat((int) last).isEqualTo((many - 1) & 0xFFFF);
      assertThat(read.tensor("empty").elements()).isZero();
      assertThat(read.tensor("long").data().toArray(ValueLayout.JAVA_LONG_UNALIGNED))
          .containsExactly(-7, 1L << 40);
    }
  }

  @Test
  void aShapeThatDoesNotFitIsRefused() throws IOException {
    try (SafetensorsWriter writer = new SafetensorsWriter(folder.resolve("tensors"))) {
      writer.begin("a", DType.I32);
      writer.putInt(1);
      assertThatThrownBy(() -> writer.end(2))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("tensor a: I32 [2] does not take 4 bytes");
    }
  }

  @Test
  void anUnfinishedFileIsNotReadAsWhole() throws IOException {
    Path file = folder.resolve("tensors");
    try (SafetensorsWriter writer = new SafetensorsWriter(file)) {
      writer.begin("a", DType.I32);
      writer.putInt(1);
      writer.end(1);
    }
    assertThat(Files.exists(file)).isTrue();
    assertThatThrownBy(() -> Safetensors.open(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("not a whole safetensors file");
  }
}
