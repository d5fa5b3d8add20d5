package io.condenser.model.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import io.condenser.storage.Safetensors;
import io.condenser.storage.StoredTensor;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The tiny checkpoints that {@code resources/foreign/make.py} made, and copies of them to spoil.
 */
final class Fixtures {
  /** As many as the tiny models have word embeddings. */
  static final List<String> VOCABULARY =
      List.of(
          "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "c", "d", "e", "f", "g", "h", "i",
          "j", "k", "l", "m", "n", "o", "##p", "##q", "##r", "##s");

  private Fixtures() {}

  /** A file or folder of {@code resources/foreign}. */
  static Path path(String name) {
    URL url = Fixtures.class.getResource("/foreign/" + name);
    assertThat(url).as(name).isNotNull();
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** Copies the files of a fixture folder into {@code target}, but for what is expected of it. */
  static Path copy(String name, Path target) throws IOException {
    Files.createDirectories(target);
    try (Stream<Path> files = Files.list(path(name))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (!file.endsWith("expected.safetensors")) {
          Files.copy(file, target.resolve(file.getFileName().toString()));
        }
      }
    }
    return target;
  }

  /** Asserts that tensors are those of a safetensors file, to the bit. */
  static void assertSame(Map<String, StoredTensor> tensors, Path expectedFile) {
    try (Safetensors expected = Safetensors.open(expectedFile)) {
      assertThat(tensors.keySet()).containsExactlyInAnyOrderElementsOf(expected.tensors().keySet());
      tensors.forEach((name, tensor) -> assertSame(name, tensor, expected.tensor(name)));
    }
  }

  private static void assertSame(String name, StoredTensor tensor, StoredTensor expected) {
    assertThat(tensor.shape()).as(name).isEqualTo(expected.shape());
    assertThat(tensor.dtype()).as(name).isEqualTo(expected.dtype());
    assertThat(tensor.data().toArray(ValueLayout.JAVA_BYTE))
        .as(name)
        .isEqualTo(expected.data().toArray(ValueLayout.JAVA_BYTE));
  }
}
