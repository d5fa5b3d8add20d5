package io.condenser.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
  @TempDir private Path folder;

  @Test
  void arraysOfTheHeapReadBackTheSame() throws IOException {
    Path file = folder.resolve("x.safetensors");
    float[] floats = new float[300_000]; // more than one buffer
    for (int i = 0; i < floats.length; i++) {
      floats[i] = i;
    }
    List<StoredTensor> tensors =
        List.of(
            StoredTensor.of("floats", floats, 3, 100_000),
            StoredTensor.of("longs", new long[] {1L << 40, -1}, 2),
            StoredTensor.of("ints", new int[] {7}));
    Safetensors.write(file, tensors, Map.of("by", "test"));
    try (Safetensors read = Safetensors.open(file)) {
      assertThat(read.metadata()).containsExactly(Map.entry("by", "test"));
      assertThat(read.tensor("floats").shape()).containsExactly(3L, 100_000L);
      assertThat(read.tensor("floats").data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED))
          .isEqualTo(floats);
      assertThat(read.tensor("longs").data().toArray(ValueLayout.JAVA_LONG_UNALIGNED))
          .containsExactly(1L << 40, -1);
      assertThat(read.tensor("ints").shape()).as("a scalar's").isEmpty();
    }
  }
}
